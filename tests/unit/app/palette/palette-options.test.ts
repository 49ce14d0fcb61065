import { expect, test } from "vitest";
import type { PaletteEntry } from "#app/(console)/palette/palette-entry.ts";
import { paletteOptions } from "#app/(console)/palette/palette-options.ts";

const own: readonly PaletteEntry[] = [
  { id: "new", kind: "action", title: "New connection" },
  { id: "settings trust", kind: "settings", title: "Trust", more: "Settings" },
  { id: "provider neon", kind: "provider", title: "Neon" },
  {
    id: "problem tls-unknown-ca",
    kind: "problem",
    title: "Unknown CA",
    detail: "tls-unknown-ca",
    more: "SSL error: certificate verify failed",
  },
];
const shop: PaletteEntry = { id: "one", kind: "connection", title: "Trusty shop", detail: "db.example.test" };
const ids = (query: string, found: readonly PaletteEntry[] = [], recent: readonly string[] = []) =>
  paletteOptions(query, own, found, recent).map(({ id }) => id);

test("at rest: what was used lately, then what is always there", () => {
  expect(ids("")).toEqual(["new", "settings trust"]);
  expect(ids("", [shop], ["provider neon", "one", "settings trust", "gone"])).toEqual([
    "provider neon",
    "one",
    "settings trust",
    "new",
  ]);
});

test("asked: what fits, by title, code and the words of other programs", () => {
  expect(ids("unknown ca")).toEqual(["problem tls-unknown-ca"]);
  expect(ids("tls-unknown-ca")).toEqual(["problem tls-unknown-ca"]);
  expect(ids("certificate verify failed")).toEqual(["problem tls-unknown-ca"]);
  expect(ids("nothing of the kind")).toEqual([]);
});

test("connections stand together, first where they fit as well as anything", () => {
  expect(ids("trusty", [shop])).toEqual(["one", "settings trust"]);
  expect(ids("trust", [shop])).toEqual(["settings trust", "one"]);
});
