import { expect, test } from "vitest";
import { ok } from "#lib/problems/result.ts";
import { moves } from "#lib/saved/moves.ts";
import { value } from "#tests/support/scratch-vault.ts";

/** A document in memory, as JSON: what a restart would find. */
function bench() {
  const kept = { text: "null" };
  const document = {
    read: async () => ok(JSON.parse(kept.text) ?? undefined),
    change: async (edit: (content: unknown) => unknown) => {
      kept.text = JSON.stringify(edit(JSON.parse(kept.text) ?? undefined));
      return ok(undefined);
    },
  };
  return { kept, noted: moves(document), open: () => moves(document) };
}

const move = (rev: number, more: object = {}) => ({
  connectionId: "shop",
  by: "mallory",
  at: "2026-01-01T00:00:00.000Z",
  rev,
  changes: [{ field: "host", from: "a", to: "b" }],
  ...more,
});
const revs = (found: readonly { readonly rev: number }[]) => found.map(({ rev }) => rev);

test("everybody but who moved is told, once, also after a restart", async () => {
  const { noted, open } = bench();
  value(await noted.note(move(2)));
  expect(revs(await noted.untold("shop", "alice", 2))).toEqual([2]);
  expect(await noted.untold("shop", "mallory", 2)).toEqual([]);
  expect(await noted.untold("other", "alice", 2)).toEqual([]);
  value(await noted.see("shop", "alice", 2));
  expect(await open().untold("shop", "alice", 9)).toEqual([]);
  expect(revs(await open().untold("shop", "bob", 9))).toEqual([2]);
});

test("a move that is not saved yet, or came to nothing, is told to nobody", async () => {
  const { noted } = bench();
  value(await noted.note(move(3)));
  expect(await noted.untold("shop", "alice", 2)).toEqual([]);
  value(await noted.drop("shop", 3));
  expect(await noted.untold("shop", "alice", 3)).toEqual([]);
});

test("who has seen one is told of the next, and of that alone", async () => {
  const { noted } = bench();
  value(await noted.note(move(2)));
  value(await noted.see("shop", "alice", 2));
  value(await noted.note(move(3, { by: "bob" })));
  value(await noted.note(move(5)));
  expect(revs(await noted.untold("shop", "alice", 5))).toEqual([3, 5]);
  // What came after the page was made is not seen with it.
  value(await noted.see("shop", "alice", 3));
  expect(revs(await noted.untold("shop", "alice", 5))).toEqual([5]);
  expect(revs(await noted.untold("shop", "bob", 5))).toEqual([2, 5]);
});

test("what is kept has an upper bound, and goes with the connection", async () => {
  const { noted, kept } = bench();
  const long = [{ field: "ca", from: "x".repeat(500), to: "" }];
  for (let rev = 2; rev < 20; rev += 1) value(await noted.note(move(rev, { changes: long })));
  value(await noted.note(move(1, { connectionId: "other" })));
  expect(revs(await noted.untold("shop", "alice", 99))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect(kept.text.length).toBeLessThan(5_000);
  value(await noted.forget(["shop"]));
  expect(await noted.untold("shop", "alice", 99)).toEqual([]);
  expect(revs(await noted.untold("other", "alice", 99))).toEqual([1]);
});
