import { expect, test } from "vitest";
import { z } from "zod";
import type { SealedRecord } from "#lib/vault/document.ts";
import { newKeyring } from "#lib/vault/keyring.ts";
import { openedRecords } from "#lib/vault/opened-records.ts";
import { sealRecord } from "#lib/vault/records.ts";

const sealer = { storeId: "store", keyring: newKeyring() };
const titled = z.strictObject({ title: z.string() });
const record = sealRecord({ kind: "note", id: "one", meta: { title: "first" } }, sealer);
const another = sealRecord({ kind: "note", id: "one", meta: { title: "second" } }, sealer);

/** A text of the same kind that differs, whatever it begins with. */
const otherwise = (text: string) => text.replace(/^./, (letter) => (letter === "_" ? "-" : "_"));

test("a record that was read again is not opened again", () => {
  const opened = openedRecords(titled);
  const said = opened.read(record, sealer);
  expect(said).toMatchObject({ id: "one", rev: 1, meta: { title: "first" }, secretNames: [] });
  expect(opened.read(structuredClone(record), sealer)).toBe(said);
});

test.each<[string, SealedRecord]>([
  ["its box", { ...record, meta: another.meta }],
  ["its revision", { ...record, rev: 2 }],
  ["the names of its secrets", { ...record, secrets: { password: record.meta } }],
  ...(["k", "n", "s", "c"] as const).map((part): [string, SealedRecord] => [
    `the box's ${part}`,
    { ...record, meta: { ...record.meta, [part]: otherwise(another.meta[part]) } },
  ]),
  ["the box's revision", { ...record, meta: { ...record.meta, b: 2 } }],
])("one that differs in %s is", (_what, changed) => {
  const opened = openedRecords(titled);
  const said = opened.read(record, sealer);
  expect(opened.read(changed, sealer)).not.toBe(said);
});

test("what does not open is tried each time, and what is gone is forgotten", () => {
  const opened = openedRecords(titled);
  const broken = { ...record, meta: { ...record.meta, c: otherwise(record.meta.c) } };
  expect(opened.read(broken, sealer)).toEqual({ id: "one", rev: 1, part: "meta" });
  const said = opened.read(record, sealer);
  expect(said).toHaveProperty("meta");
  opened.keepOnly([]);
  expect(opened.read(record, sealer)).not.toBe(said);
});
