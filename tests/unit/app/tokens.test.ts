import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const file = readFileSync(join(root, "app/tokens.css"), "utf8");

/** Words in themselves: read on every ground. */
const words = [
  "ink",
  "muted",
  "accent",
  "accent-strong",
  "success",
  "warn",
  "danger",
  "danger-strong",
] as const;
const grounds = ["canvas", "surface", "raised", "sunken"] as const;
const softs = ["accent-soft", "success-soft", "warn-soft", "danger-soft"] as const;
const environments = ["production", "staging", "development"] as const;

const textPairs: readonly (readonly [string, string])[] = [
  ...words.flatMap((word) => grounds.map((ground) => [word, ground] as const)),
  ...["ink", "muted", "accent", "success", "warn", "danger"].flatMap((word) =>
    softs.map((soft) => [word, soft] as const),
  ),
  ["accent-ink", "accent"],
  ["accent-ink", "accent-strong"],
  ["danger-ink", "danger"],
  ["danger-ink", "danger-strong"],
];

const edgePairs: readonly (readonly [string, string])[] = [
  ...["control", "cloak", ...environments].flatMap((edge) =>
    grounds.map((ground) => [edge, ground] as const),
  ),
  // The clasp lies on the cloth.
  ["brass", "cloak"],
];

const themes = (["light", "dark"] as const).flatMap((scheme) => [
  { name: scheme, colours: coloursOf(scheme, false), text: 4.5, edge: 3 },
  { name: `high contrast, ${scheme}`, colours: coloursOf(scheme, true), text: 7, edge: 3 },
]);

describe.each(themes)("the colours of $name", ({ name, colours, text, edge }) => {
  test(`text reaches ${text}:1 on every ground it stands on`, () => {
    expect(tooFaint(colours, textPairs, text)).toEqual([]);
  });

  test(`edges and marks reach ${edge}:1`, () => {
    expect(tooFaint(colours, edgePairs, edge)).toEqual([]);
  });

  test("every colour exists on a screen", () => {
    const outside = [...colours].filter(([, { clipped }]) => clipped).map(([token]) => token);
    expect(outside).toEqual([]);
  });

  test.runIf(name.startsWith("high"))("lines can be seen as well as edges", () => {
    const lines = grounds.map((ground) => ["line", ground] as const);
    expect(tooFaint(colours, lines, 3)).toEqual([]);
  });
});

test("no file but the tokens names a colour of its own", () => {
  const styles = readFileSync(join(root, "app/globals.css"), "utf8");
  expect(styles.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|oklab)a?\(/gi)).toBeNull();
});

interface Colour {
  readonly luminance: number;
  /** A screen of the usual kind (sRGB) cannot show it as it is written. */
  readonly clipped: boolean;
}

function tooFaint(
  colours: ReadonlyMap<string, Colour>,
  pairs: readonly (readonly [string, string])[],
  floor: number,
): string[] {
  return pairs.flatMap(([front, ground]) => {
    const ratio = contrast(of(colours, front), of(colours, ground));
    return ratio < floor ? [`${front} on ${ground}: ${ratio.toFixed(2)}`] : [];
  });
}

function of(colours: ReadonlyMap<string, Colour>, token: string): Colour {
  const colour = colours.get(token);
  if (colour === undefined) throw new Error(`no token ${token}`);
  return colour;
}

/** Every opaque colour token of a theme: those of the file, then, for high contrast, those that replace them. */
function coloursOf(scheme: "light" | "dark", high: boolean): Map<string, Colour> {
  const [usual = "", more = ""] = file.split("@utility high-contrast");
  const found = new Map<string, Colour>();
  for (const part of high ? [usual, more] : [usual]) {
    for (const [, token, light, dark] of part.matchAll(
      /--color-([a-z-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);/g,
    )) {
      const [lightness = 0, chroma = 0, hue = 0] = ((scheme === "light" ? light : dark) ?? "")
        .split(" ")
        .map(Number);
      found.set(token ?? "", seen(lightness, chroma, hue));
    }
  }
  return found;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [one.luminance, other.luminance].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** OKLCH to linear sRGB (CSS Color 4, 10.), and what that means for the eye (WCAG 2.2, relative luminance). */
function seen(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const [red = 0, green = 0, blue = 0] = linear.map((part) => Math.min(1, Math.max(0, part)));
  return {
    luminance: 0.2126 * red + 0.7152 * green + 0.0722 * blue,
    // Half a step of 255 at the dark end is nothing to see.
    clipped: linear.some((part) => part < -0.0012 || part > 1.004),
  };
}
