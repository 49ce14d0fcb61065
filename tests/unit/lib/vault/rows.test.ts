import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { newKeyring } from "#lib/vault/keyring.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import { sealRecord } from "#lib/vault/records.ts";
import { readRow, recordBody, removedBody } from "#lib/vault/row-body.ts";
import { isHeadWhole, parseHead, rememberedCommits, sealedHead } from "#lib/vault/row-head.ts";
import { hiddenSum } from "#lib/vault/row-state.ts";
import { rowHash, sumText } from "#lib/vault/row-sum.ts";
import { makeSlot } from "#lib/vault/slots.ts";

const keyring = newKeyring();
const store = "A".repeat(22);
const commit = () => randomBytes(16).toString("base64url");
const row = { kind: "note", id: "n", rev: 1, at: 2, body: "body" };

describe("the number of a row", () => {
  test.each([
    { ...row, kind: "noten", id: "" },
    { ...row, id: "m" },
    { ...row, rev: 2, at: 1 },
    { ...row, at: 3 },
    { ...row, body: "body " },
  ])("is another one for $kind $id $rev $at $body", (other) => {
    expect(rowHash(other, store, keyring.macKey)).not.toBe(rowHash(row, store, keyring.macKey));
  });

  test("is another one in another vault, and without the key nobody makes it", () => {
    const number = rowHash(row, store, keyring.macKey);
    expect(rowHash(row, "B".repeat(22), keyring.macKey)).not.toBe(number);
    expect(rowHash(row, store, newKeyring().macKey)).not.toBe(number);
  });
});

describe("the sum in a head", () => {
  test("of the same rows is another one with each save: two of them say nothing of the rows between", () => {
    const place = { store, rev: 7 };
    const sums = Array.from({ length: 20 }, () => hiddenSum(5n, place, commit(), keyring));
    expect(new Set(sums).size).toBe(20);
    const id = commit();
    const texts = [
      hiddenSum(5n, place, id, keyring),
      hiddenSum(6n, place, id, keyring),
      hiddenSum(5n, { ...place, rev: 8 }, id, keyring),
    ];
    expect(new Set(texts).size).toBe(3);
  });

  test("is 32 bytes, whatever the number", () => {
    for (const number of [0n, 1n, 2n ** 256n - 1n, 2n ** 256n, -1n]) {
      expect(Buffer.from(sumText(number), "base64url")).toHaveLength(32);
    }
    expect(sumText(-1n)).toBe(sumText(2n ** 256n - 1n));
  });
});

describe("a head", () => {
  test("is whole only in its place, and no letter of it can be another one", async () => {
    const slots = [await makeSlot(keyring, { kind: "raw", src: "raw", text: newRawKey() }, store)];
    const commits = Array.from({ length: rememberedCommits }, commit);
    const content = { slots, count: 1, sum: sumText(1n), cleared: 0, log: null, commits };
    const { head, kept } = sealedHead(content, store, 3, keyring);
    expect(parseHead(kept.body)).toEqual({ state: "sealed", head });
    expect(isHeadWhole(head, kept, keyring)).toBe(true);
    expect(isHeadWhole(head, { ...kept, rev: 4 }, keyring)).toBe(false);
    expect(isHeadWhole(head, { ...kept, store: "B".repeat(22) }, keyring)).toBe(false);
    expect(isHeadWhole(head, kept, newKeyring())).toBe(false);
    for (let at = 0; at < kept.body.length; at += 1) {
      const letter = kept.body[at] === "A" ? "B" : "A";
      const read = parseHead(kept.body.slice(0, at) + letter + kept.body.slice(at + 1));
      if (read.state === "sealed") expect(isHeadWhole(read.head, kept, keyring), `${at}`).toBe(false);
    }
  });
});

describe("the body of a row", () => {
  const record = sealRecord(
    { kind: "note", id: "n", meta: { title: "t" }, secrets: { password: new Secret("p") } },
    { storeId: store, keyring },
  );
  const body = recordBody(record, 4);
  const { kind, id, rev } = record;

  test("says what was written, a record or its end", () => {
    expect(readRow({ kind, id, rev, body })).toEqual({ record, order: 4 });
    expect(readRow({ kind, id, rev, body: removedBody(9) })).toEqual({ record: undefined, removedAt: 9 });
  });

  test.each([
    ["another revision inside", body.replace("{", '{"rev":9,')],
    ["another id inside", body.replace("{", '{"id":"m",')],
    ["a key twice", body.replace("{", '{"order":1,')],
    ["a blank", `${body} `],
    ["no order", body.replace('"order":4,', "")],
    ["an order of nothing", body.replace('"order":4', '"order":0')],
    ["both a record and its end", body.replace("{", '{"removed":9,')],
    ["an end with a blank", '{"removed": 9}'],
    ["no JSON", "{"],
    ["no object", "null"],
    ["nothing", ""],
  ])("is damage with %s", (_, altered) => {
    expect(readRow({ kind, id, rev, body: altered })).toBeUndefined();
  });
});
