import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type QueryContent, savedQueries, savedQueryMeta } from "#lib/notebook/saved-queries.ts";
import { collection } from "#lib/vault/collection.ts";
import { opened, problemOf, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const queriesOf = async (setup: ScratchVault, now?: () => number) =>
  savedQueries(collection(await opened(setup), "query", savedQueryMeta), now);
const content = (more: Partial<QueryContent> = {}): QueryContent => ({
  name: "Revenue",
  sql: "select sum(total) from orders",
  note: "by month",
  connectionId: "c1",
  shared: false,
  ...more,
});
const alice = { id: "alice", mayChangeShared: false };
const bob = { id: "bob", mayChangeShared: false };
const olive = { id: "olive", mayChangeShared: true };

describe("a saved query", () => {
  test("is there after a restart, sealed, without the secrets in it", async () => {
    const setup = scratchVault();
    const sql = "select dblink('password=hunter2 host=canary', 'select 1')";
    const made = value(await (await queriesOf(setup)).create("alice", content({ sql })));
    const after = await queriesOf(setup);
    expect(value(await after.find(alice, "c1", made.id))).toEqual({
      ...made,
      owner: "alice",
      rev: 1,
      sql: "select dblink('password=[secret] host=canary', 'select 1')",
    });
    expect(readFileSync(join(setup.configDir, "config.json"), "utf8")).not.toMatch(/canary|Revenue|hunter2/);
  });

  test.each([
    ["its owner's own", { shared: false }, ["alice"]],
    ["shared", { shared: true }, ["alice", "bob", "olive"]],
    ["of any connection", { connectionId: null, shared: false }, ["alice"]],
    ["of any connection, shared", { connectionId: null, shared: true }, ["alice", "bob", "olive"]],
    ["of another connection", { connectionId: "c2", shared: true }, []],
  ] as const)("that is %s is seen by those alone", async (_, more, seenBy) => {
    const kept = await queriesOf(scratchVault());
    const { id } = value(await kept.create("alice", content(more)));
    for (const reader of [alice, bob, olive]) {
      const seen = seenBy.some((one) => one === reader.id);
      expect(value(await kept.list(reader, "c1")).length).toBe(seen ? 1 : 0);
      expect(value(await kept.find(reader, "c1", id)) !== undefined).toBe(seen);
    }
  });

  test("is changed and removed by its owner, what is shared by a console's owner too, and by nobody else", async () => {
    const kept = await queriesOf(scratchVault());
    const own = value(await kept.create("alice", content()));
    const shared = value(await kept.create("alice", content({ shared: true })));
    const renamed = content({ name: "Other", shared: true });
    expect(problemOf(await kept.change(bob, "c1", own.id, 1, renamed)).code).toBe("not-found");
    expect(problemOf(await kept.change(olive, "c1", own.id, 1, renamed)).code).toBe("not-found");
    expect(problemOf(await kept.change(bob, "c1", shared.id, 1, renamed)).code).toBe("not-allowed");
    expect(problemOf(await kept.remove(bob, "c1", shared.id)).code).toBe("not-allowed");
    expect(problemOf(await kept.remove(olive, "c1", own.id)).code).toBe("not-found");
    // It stays its owner's, whoever changes it.
    expect(value(await kept.change(olive, "c1", shared.id, 1, renamed))).toMatchObject({
      rev: 2,
      name: "Other",
      owner: "alice",
    });
    expect(value(await kept.change(alice, "c1", own.id, 1, renamed))).toMatchObject({ rev: 2 });
    value(await kept.remove(olive, "c1", shared.id));
    expect(value(await kept.list(alice, "c1")).map(({ id }) => id)).toEqual([own.id]);
  });

  test("that was changed meanwhile is not written over", async () => {
    const kept = await queriesOf(scratchVault());
    const { id } = value(await kept.create("alice", content()));
    value(await kept.change(alice, "c1", id, 1, content({ name: "First" })));
    expect(problemOf(await kept.change(alice, "c1", id, 1, content({ name: "Second" })))).toMatchObject({
      code: "vault-changed-meanwhile",
      facts: { currentRev: 2 },
    });
    expect(value(await kept.find(alice, "c1", id))?.name).toBe("First");
  });

  test("that was removed comes back as it was, for who removed it and for a while", async () => {
    let clock = 1_000;
    const kept = await queriesOf(scratchVault(), () => clock);
    const made = value(await kept.create("alice", content()));
    value(await kept.remove(alice, "c1", made.id));
    expect(problemOf(await kept.putBack("bob", made.id)).code).toBe("not-found");
    expect(value(await kept.putBack("alice", made.id))).toEqual(made);
    expect(problemOf(await kept.putBack("alice", made.id)).code).toBe("not-found");
    value(await kept.remove(alice, "c1", made.id));
    clock += 11 * 60 * 1000;
    expect(problemOf(await kept.putBack("alice", made.id)).code).toBe("not-found");
  });

  test("of a connection that is gone stays its owner's alone", async () => {
    const kept = await queriesOf(scratchVault());
    const { id } = value(await kept.create("alice", content({ shared: true })));
    const other = value(await kept.create("alice", content({ connectionId: "c2", shared: true })));
    value(await kept.forget(["c1"]));
    expect(value(await kept.list(bob, "c1"))).toEqual([]);
    expect(value(await kept.find(alice, "c3", id))).toMatchObject({ connectionId: null, shared: false });
    expect(value(await kept.find(bob, "c2", other.id))?.shared).toBe(true);
  });

  const full = { code: "setting-invalid", facts: { reason: "too-many" } };

  test("is refused where a person has too many letters, or all have together", async () => {
    const kept = await queriesOf(scratchVault());
    value(await kept.create("bob", content({ sql: "x".repeat(999_900), shared: true })));
    expect(problemOf(await kept.create("bob", content({ sql: "y".repeat(200) })))).toMatchObject(full);
    value(await kept.create("alice", content({ sql: "y".repeat(200) })));
    for (const name of ["carol", "dave", "eve"])
      value(await kept.create(name, content({ sql: "x".repeat(999_900) })));
    expect(problemOf(await kept.create("alice", content({ sql: "y".repeat(300) })))).toMatchObject(full);
    value(await kept.create("alice", content({ sql: "y" })));
  });

  test("is not put back where its room was taken meanwhile, and is once there is some again", async () => {
    const kept = await queriesOf(scratchVault());
    const { id } = value(await kept.create("alice", content({ sql: "x".repeat(600_000) })));
    value(await kept.remove(alice, "c1", id));
    const other = value(await kept.create("alice", content({ sql: "y".repeat(600_000) })));
    expect(problemOf(await kept.putBack("alice", id))).toMatchObject(full);
    value(await kept.remove(alice, "c1", other.id));
    expect(value(await kept.putBack("alice", id)).id).toBe(id);
  });
});
