import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<
    string,
    { version?: string; license?: string; resolved?: string; optional?: boolean; dev?: boolean }
  >;
};

/** Lowest version without a known advisory, and why. Reviewed at each release. */
const floors: Readonly<Record<string, { readonly version: string; readonly why: string }>> = {
  next: { version: "16.4.6", why: "GHSA-673q-mjm6-r5xr and the November 2026 release" },
  react: { version: "19.3.1", why: "CVE-2025-55182 and the Flight decoder fixes after it" },
  "react-dom": { version: "19.3.1", why: "goes with react" },
  pg: { version: "8.23.1", why: "IP hosts were verified against the name localhost before" },
  zod: { version: "4.6.7", why: "GHSA-mrhx-c7xc-m3w5" },
};

describe("dependencies", () => {
  test("every version is pinned exactly", () => {
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test.each(Object.entries(floors))("%s is not below its floor", (name, floor) => {
    const found = lock.packages[`node_modules/${name}`]?.version ?? "0.0.0";
    expect(compareVersions(found, floor.version), `${name} ${found}: ${floor.why}`).toBeGreaterThanOrEqual(0);
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
    // Browser statistics (data, CC-BY), and Tailwind's style compiler (MPL, runs at build time, unchanged).
    const known = new Set(["caniuse-lite", "lightningcss"]);
    const wrong = Object.entries(lock.packages)
      .filter(([path, entry]) => path !== "" && entry.dev !== true && entry.optional !== true)
      .map(([path, entry]) => [path.replace(/^.*node_modules\//, ""), entry.license ?? "none"] as const)
      .filter(([name, licence]) => !known.has(name) && !allowed.test(licence));
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
