import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { floors } from "./floors.ts";

const root = join(import.meta.dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
};
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<
    string,
    { version?: string; license?: string; resolved?: string; devOptional?: boolean; dev?: boolean }
  >;
};

describe("dependencies", () => {
  test("every version is pinned exactly", () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test.each(Object.entries(floors))("%s is not below its floor", (name, floor) => {
    const found = lock.packages[`node_modules/${name}`]?.version ?? "0.0.0";
    expect(compareVersions(found, floor.version), `${name} ${found}: ${floor.why}`).toBeGreaterThanOrEqual(0);
  });

  test("SECURITY.md lists the floors", () => {
    const page = readFileSync(join(root, "SECURITY.md"), "utf8");
    const rows = Object.entries(floors).map(
      ([name, { version, why }]) => `| \`${name}\` | ${version} | ${why} |`,
    );
    const listed = page.match(/^\| `[^`]+` \| \d+\.\d+\.\d+ \| .*\|$/gm);
    expect(listed).toEqual(rows);
  });

  test("pg stays below 9, where its sslmode changes meaning", () => {
    expect(compareVersions(lock.packages["node_modules/pg"]?.version ?? "9.0.0", "9.0.0")).toBeLessThan(0);
  });

  test("the lockfile holds no download addresses", () => {
    const addresses = Object.values(lock.packages).filter((entry) => /^https?:/.test(entry.resolved ?? ""));
    expect(addresses).toEqual([]);
  });

  test("what is shipped has a licence that allows it", () => {
    const allowed =
      /^\(?(MIT|ISC|BSD-2-Clause|BSD-3-Clause|0BSD|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|CC0-1\.0)\b/;
    // Browser statistics (data, CC-BY), Tailwind's style compiler (MPL, runs at build time, unchanged), and the picture
    // library that Next brings for some systems (LGPL, a library of its own, unchanged). The command line of the SQL
    // formatter, which nothing here starts, reads its options with argparse (Python's licence, as permissive as BSD).
    // The two fonts (OFL, unchanged, their licence beside them) go to the browser as files, and into no code.
    const known =
      /^(argparse|@fontsource-variable\/[\w-]+|caniuse-lite|lightningcss(-[\w-]+)?|@img\/sharp-libvips-[\w-]+)$/;
    const wrong = Object.entries(lock.packages)
      .filter(([path, entry]) => path !== "" && entry.dev !== true && entry.devOptional !== true)
      .map(([path, entry]) => [path.replace(/^.*node_modules\//, ""), entry.license ?? "none"] as const)
      .filter(([name, licence]) => !known.test(name) && !allowed.test(licence));
    expect(wrong).toEqual([]);
  });
});

/** Compares two dotted versions; negative when `a` is lower. */
function compareVersions(a: string, b: string): number {
  const parts = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const left = parts(a);
  const right = parts(b);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
