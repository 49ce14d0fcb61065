import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type FinishedRun, history, longestKept } from "#lib/notebook/history.ts";
import { opened, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const historyOf = async (setup: ScratchVault, limits = {}, now?: () => number) => {
  const vault = await opened(setup);
  return history((userId) => vault.notebook(`history-${userId}`), limits, now);
};
const run = (more: Partial<FinishedRun> = {}): FinishedRun => ({
  sql: "select 1",
  connectionId: "connection-1",
  connection: "Canary shop",
  database: "canary_shop",
  role: "app",
  ms: 1.5,
  rows: 1,
  sqlstate: null,
  outcome: "done",
  readOnly: true,
  ...more,
});
const all = { most: 1_000 };

describe("the history", () => {
  test("is there after a restart, the newest first, with all that is known of a run", async () => {
    const setup = scratchVault();
    const before = await historyOf(setup);
    value(await before.note("alice", run()));
    const failed = run({ sql: "drop x", sqlstate: "42P01", outcome: "failed", rows: null, readOnly: false });
    value(await before.note("alice", failed));
    const after = value(await (await historyOf(setup)).page("alice", all));
    expect(after.entries).toMatchObject([failed, run()]);
    expect(after).toMatchObject({ more: false, kept: 2 });
  });

  test("is nobody else's: not to be seen, found or let go", async () => {
    const kept = await historyOf(scratchVault());
    value(await kept.note("alice", run()));
    const [entry] = value(await kept.page("alice", all)).entries;
    expect(value(await kept.page("olive", all))).toEqual({ entries: [], more: false, kept: 0 });
    expect(value(await kept.find("olive", entry?.id ?? ""))).toBeUndefined();
    value(await kept.remove("olive", entry?.id ?? ""));
    value(await kept.remove("olive", "all"));
    expect(value(await kept.find("alice", entry?.id ?? ""))).toEqual(entry);
  });

  test("lies sealed in a file of its owner, without the secrets of its statements", async () => {
    const setup = scratchVault();
    const kept = await historyOf(setup);
    value(await kept.note("alice", run({ sql: "alter role canary password 'hunter2'" })));
    value(
      await kept.note("alice", run({ sql: "alter role a password 'x\\'hunter2'" }), {
        standardConformingStrings: false,
      }),
    );
    const folder = join(setup.configDir, "notebook");
    expect(readdirSync(folder)).toEqual(["history-alice.jsonl"]);
    expect(readFileSync(join(folder, "history-alice.jsonl"), "utf8")).not.toMatch(
      /canary|Canary|connection-1/,
    );
    expect(value(await kept.page("alice", all)).entries).toMatchObject([
      { sql: "alter role a password '[secret]'", masked: true },
      { sql: "alter role canary password '[secret]'", masked: true },
    ]);
  });

  test("keeps the beginning of a long statement, and says so", async () => {
    const kept = await historyOf(scratchVault());
    value(await kept.note("alice", run({ sql: `select '${"x".repeat(longestKept)}'` })));
    const [entry] = value(await kept.page("alice", all)).entries;
    expect(entry).toMatchObject({ cut: true, masked: false });
    expect(entry?.sql).toHaveLength(longestKept);
  });

  test("is searched by words, connection, failure and day, a page at a time", async () => {
    let clock = Date.parse("2026-03-01T10:00:00Z");
    const kept = await historyOf(scratchVault(), {}, () => clock);
    for (const more of [
      { sql: "SELECT apples FROM basket" },
      { sql: "select pears from basket", connectionId: "connection-2", connection: "Warehouse" },
      { sql: "select plums", sqlstate: "42703", outcome: "failed" as const },
    ]) {
      value(await kept.note("alice", run(more)));
      clock += 24 * 60 * 60 * 1000;
    }
    const found = async (ask: object) =>
      value(await kept.page("alice", { most: 10, ...ask })).entries.map(({ sql }) => sql.split(" ")[1]);
    expect(await found({ words: "basket  Select" })).toEqual(["pears", "apples"]);
    expect(await found({ words: "warehouse" })).toEqual(["pears"]);
    expect(await found({ words: "42703" })).toEqual(["plums"]);
    expect(await found({ connectionId: "connection-1" })).toEqual(["plums", "apples"]);
    expect(await found({ failedOnly: true })).toEqual(["plums"]);
    expect(await found({ from: "2026-03-02T00:00:00.000Z", until: "2026-03-03T00:00:00.000Z" })).toEqual([
      "pears",
    ]);
    const first = value(await kept.page("alice", { most: 2 }));
    expect(first).toMatchObject({ more: true, kept: 3 });
    expect(await found({ after: first.entries[1]?.id })).toEqual(["apples"]);
  });

  test("lets the oldest go beyond its number, and all beyond its days, from the file too", async () => {
    const setup = scratchVault();
    let clock = Date.parse("2026-03-01T10:00:00Z");
    const kept = await historyOf(setup, { count: 5, slack: 2, days: 10 }, () => clock);
    const lines = () =>
      readFileSync(join(setup.configDir, "notebook", "history-alice.jsonl"), "utf8").split("\n").length - 1;
    for (let number = 1; number <= 8; number += 1)
      value(await kept.note("alice", run({ sql: `select ${number}` })));
    expect(lines()).toBe(5);
    const numbers = async () =>
      value(await kept.page("alice", all)).entries.map(({ sql }) => Number(sql.split(" ")[1]));
    expect(await numbers()).toEqual([8, 7, 6, 5, 4]);
    clock += 11 * 24 * 60 * 60 * 1000;
    expect(await numbers()).toEqual([]);
    expect(lines()).toBe(0);
  });

  test("lets one go, and all, from the file too; what comes after is kept", async () => {
    const setup = scratchVault();
    const kept = await historyOf(setup);
    for (const sql of ["select 1", "select 2", "select 3"]) value(await kept.note("alice", run({ sql })));
    const [, second] = value(await kept.page("alice", all)).entries;
    value(await kept.remove("alice", second?.id ?? ""));
    const left = async () => value(await kept.page("alice", all)).entries.map(({ sql }) => sql);
    expect(await left()).toEqual(["select 3", "select 1"]);
    value(await kept.remove("alice", "all"));
    expect(readFileSync(join(setup.configDir, "notebook", "history-alice.jsonl"), "utf8")).toBe("");
    value(await kept.note("alice", run({ sql: "select 4" })));
    expect(await left()).toEqual(["select 4"]);
    expect(value(await (await historyOf(setup)).page("alice", all)).entries).toMatchObject([
      { sql: "select 4" },
    ]);
  });

  test("is not written where it is kept for no day", async () => {
    const setup = scratchVault();
    value(await (await historyOf(setup)).note("alice", run()));
    const off = await historyOf(setup, { days: 0 });
    value(await off.note("alice", run()));
    expect(value(await off.page("alice", all)).kept).toBe(0);
    expect(value(await (await historyOf(setup)).page("alice", all)).kept).toBe(0);
  });

  test.each(["flushed", "read", "let go"])(
    "gathers those of a moment, and writes them when %s",
    async (by) => {
      const setup = scratchVault();
      // Without end but by what is asked for.
      const kept = await historyOf(setup, { gatherMs: 1_000_000 });
      const noted = ["select 1", "select 2"].map((sql) => kept.note("alice", run({ sql })));
      const asked = {
        flushed: () => kept.flush(),
        read: async () => expect(value(await kept.page("alice", all)).entries).toHaveLength(2),
        "let go": async () => value(await kept.remove("alice", "nobody's")),
      };
      await asked[by as keyof typeof asked]();
      for (const each of noted) value(await each);
      const again = await historyOf(setup);
      expect(value(await again.page("alice", all)).entries.map(({ sql }) => sql)).toEqual([
        "select 2",
        "select 1",
      ]);
    },
  );

  test("of somebody who comes back after a rest stays while it is gathered", async () => {
    let at = Date.now();
    const kept = await historyOf(scratchVault(), { gatherMs: 1_000_000 }, () => at);
    value(await kept.page("alice", all));
    at += 16 * 60_000;
    const noted = kept.note("alice", run());
    // Whoever is at work meanwhile lets go of those who rest.
    value(await kept.page("bob", all));
    expect(value(await kept.page("alice", all)).kept).toBe(1);
    value(await noted);
  });

  test("that was gathered is written by itself", async () => {
    const setup = scratchVault();
    value(await (await historyOf(setup, { gatherMs: 5 })).note("alice", run()));
    expect(value(await (await historyOf(setup)).page("alice", all)).kept).toBe(1);
  });

  test("of many runs at once loses none and keeps their order", async () => {
    const kept = await historyOf(scratchVault());
    const runs = Array.from({ length: 40 }, (_, at) => run({ sql: `select ${at}` }));
    await Promise.all(runs.map((one) => kept.note("alice", one)));
    const found = value(await kept.page("alice", all))
      .entries.map(({ sql }) => sql)
      .reverse();
    expect(found).toEqual(runs.map(({ sql }) => sql));
  });
});
