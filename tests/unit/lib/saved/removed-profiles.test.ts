import { expect, test } from "vitest";
import { ok } from "#lib/problems/result.ts";
import { removedProfiles } from "#lib/saved/removed-profiles.ts";
import { value } from "#tests/support/scratch-vault.ts";

const record = { kind: "profile", id: "shop", sealed: "record", mac: "mac" };
const hour = 60 * 60 * 1000;

/** A document in memory, as JSON: what a restart would find. */
function bench() {
  const kept = { text: "null", now: Date.UTC(2026, 0, 1) };
  const document = {
    read: async () => ok(JSON.parse(kept.text) ?? undefined),
    change: async (edit: (content: unknown) => unknown) => {
      kept.text = JSON.stringify(edit(JSON.parse(kept.text) ?? undefined));
      return ok(undefined);
    },
  };
  const open = () => removedProfiles(document, () => kept.now);
  return { kept, open, removed: open() };
}

test("a removal can be undone once, also after a restart", async () => {
  const { removed, open, kept } = bench();
  value(await removed.keep("alice", "shop", record));
  expect(value(await open().list())).toEqual([
    { userId: "alice", profileId: "shop", record, until: kept.now + hour },
  ]);
  expect(value(await open().take("shop"))).toEqual(record);
  expect(value(await open().take("shop"))).toBeUndefined();
});

test("after an hour it is gone, and when the clock was put back by a day as well", async () => {
  for (const step of [hour, -24 * hour]) {
    const { removed, kept } = bench();
    value(await removed.keep("alice", "shop", record));
    kept.now += step;
    expect(value(await removed.take("shop"))).toBeUndefined();
    expect(kept.text).not.toContain("sealed");
  }
});

test("what can no longer be put back is told, but not what was", async () => {
  const { removed, kept } = bench();
  value(await removed.keep("alice", "back", record));
  value(await removed.take("back"));
  value(await removed.keep("alice", "over", record));
  kept.now += hour;
  expect(value(await removed.keep("bob", "new", record))).toEqual(["over"]);
  expect(value(await removed.keep("bob", "new", record))).toEqual([]);
  expect(value(await removed.list()).map(({ profileId }) => profileId)).toEqual(["new"]);
});

test("what is kept has an upper bound; the oldest goes first", async () => {
  const { removed } = bench();
  for (let index = 0; index <= 200; index += 1) value(await removed.keep("alice", `c${index}`, record));
  expect(value(await removed.take("c0"))).toBeUndefined();
  expect(value(await removed.take("c200"))).toEqual(record);
});

test("so has how long it is", async () => {
  const { removed, kept } = bench();
  const long = { ...record, sealed: "x".repeat(3_000_000) };
  for (const id of ["first", "second", "third"]) value(await removed.keep("alice", id, long));
  expect(kept.text.length).toBeLessThan(8_000_000);
  expect(value(await removed.take("first"))).toBeUndefined();
  expect(value(await removed.take("second"))).toEqual(long);
  expect(value(await removed.take("third"))).toEqual(long);
});

test("what cannot be read is as good as nothing", async () => {
  const { removed, kept } = bench();
  kept.text = '{"v":2}';
  expect(value(await removed.take("shop"))).toBeUndefined();
  value(await removed.keep("alice", "shop", record));
  expect(value(await removed.take("shop"))).toEqual(record);
});
