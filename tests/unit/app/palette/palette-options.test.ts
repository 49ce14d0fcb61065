import { expect, test } from "vitest";
import type { PaletteEntry } from "#app/(console)/palette/palette-entry.ts";
import { paletteOptions } from "#app/(console)/palette/palette-options.ts";

const own: readonly PaletteEntry[] = [
  { id: "new", kind: "action", title: "New connection" },
  { id: "settings trust", kind: "settings", title: "Trust", more: "Settings" },
  { id: "provider neon", kind: "provider", title: "Neon" },
];
const unknownCa: PaletteEntry = { id: "problem tls-unknown-ca", kind: "problem", title: "Unknown CA" };
const shop: PaletteEntry = { id: "one", kind: "connection", title: "Trusty shop", detail: "db.example.test" };
const ids = (
  query: string,
  found: readonly PaletteEntry[] = [],
  recent: readonly string[] = [],
  problems: readonly PaletteEntry[] = [],
) => paletteOptions(query, own, { connections: found, problems }, recent).map(({ id }) => id);

test("at rest: what was used lately, then other connections and what is always there", () => {
  expect(ids("")).toEqual(["new", "settings trust"]);
  expect(ids("", [shop], ["settings trust"])).toEqual(["settings trust", "one", "new"]);
  expect(ids("", [shop], ["provider neon", "one", "settings trust", "gone"])).toEqual([
    "provider neon",
    "one",
    "settings trust",
    "new",
  ]);
});

test("asked: what fits, and last the problems that the console found", () => {
  expect(ids("neon")).toEqual(["provider neon"]);
  expect(ids("nothing of the kind")).toEqual([]);
  expect(ids("verify failed", [], [], [unknownCa])).toEqual(["problem tls-unknown-ca"]);
  expect(ids("trust", [shop], [], [unknownCa]).at(-1)).toBe("problem tls-unknown-ca");
});

test("connections stand together, first where they fit as well as anything", () => {
  expect(ids("trusty", [shop])).toEqual(["one", "settings trust"]);
  expect(ids("trust", [shop])).toEqual(["settings trust", "one"]);
});
