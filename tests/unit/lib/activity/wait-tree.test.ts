import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServerSession } from "#lib/activity/shapes.ts";
import { waitTree } from "#lib/activity/wait-tree.ts";

function session(
  pid: number,
  blockedBy: readonly number[] = [],
  more: Partial<ServerSession> = {},
): ServerSession {
  return {
    pid,
    start: "1",
    database: "shop",
    user: "app",
    application: "",
    client: null,
    kind: "client backend",
    state: "active",
    waitType: blockedBy.length > 0 ? "Lock" : null,
    wait: null,
    transactionMs: 1000 - pid,
    statementMs: 1,
    stateMs: 1,
    query: "select 1",
    blockedBy,
    whose: null,
    ...more,
  };
}

/** Each as its depth in signs, and its number. */
const drawn = (...sessions: readonly ServerSession[]) =>
  waitTree(sessions).map(
    ({ pid, depth, blocks, also, circle }) =>
      `${">".repeat(depth)}${pid}${blocks > 0 ? ` blocks ${blocks}` : ""}${also.length > 0 ? ` also ${also.join(" ")}` : ""}${circle ? " circle" : ""}`,
  );

describe("who waits for whom", () => {
  test.each<[string, readonly ServerSession[], readonly string[]]>([
    ["nobody", [], []],
    [
      "nobody waits: who works comes first, the oldest transaction before",
      [
        session(1, [], { state: "idle", transactionMs: null }),
        session(2, [], { state: "idle in transaction" }),
        session(3),
        session(4, [], { transactionMs: 5000 }),
      ],
      ["4", "3", "2", "1"],
    ],
    ["a chain", [session(3, [2]), session(1), session(2, [1])], ["1 blocks 2", ">2 blocks 1", ">>3"]],
    [
      "a queue: the third waits for both",
      [session(3, [1, 2]), session(2, [1]), session(1)],
      ["1 blocks 2", ">2 blocks 1", ">>3 also 1"],
    ],
    [
      "two who wait for two",
      [session(3, [1, 2]), session(4, [2, 1]), session(1), session(2)],
      ["1 blocks 2", ">3 also 2", ">4 also 2", "2"],
    ],
    [
      "whom most wait for comes first",
      [session(1), session(2, [1]), session(5), session(6, [5]), session(7, [5])],
      ["5 blocks 2", ">6", ">7", "1 blocks 1", ">2"],
    ],
    ["a prepared transaction", [session(2, [0]), session(3, [2])], ["0 blocks 2", ">2 blocks 1", ">>3"]],
    ["one who is not listed", [session(2, [77])], ["77 blocks 1", ">2"]],
    ["a circle of two", [session(1, [2]), session(2, [1])], ["2 blocks 1 also 1 circle", ">1"]],
    [
      "a circle of three, and one beside it",
      [session(1, [2]), session(2, [3]), session(3, [1]), session(4, [1])],
      ["3 blocks 3 also 1 circle", ">2 blocks 2", ">>1 blocks 1", ">>>4"],
    ],
    ["oneself", [session(1, [1])], ["1"]],
    ["the same twice", [session(1), session(2, [1, 1])], ["1 blocks 1", ">2"]],
  ])("%s", (_, sessions, expected) => {
    expect(drawn(...sessions)).toEqual(expected);
  });

  test("each stands in it once, whatever the server says", () => {
    const pids = fc.integer({ min: 1, max: 8 });
    const any = fc.uniqueArray(fc.tuple(pids, fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 })), {
      selector: ([pid]) => pid,
    });
    fc.assert(
      fc.property(any, (given) => {
        const items = waitTree(given.map(([pid, blockedBy]) => session(pid, blockedBy)));
        const listed = items.flatMap((item) => (item.session === undefined ? [] : [item.pid]));
        expect(listed.toSorted()).toEqual(given.map(([pid]) => pid).toSorted());
        expect(new Set(items.map(({ pid }) => pid)).size).toBe(items.length);
        expect(items.every(({ depth }, at) => depth <= (items[at - 1]?.depth ?? -1) + 1)).toBe(true);
        const waiting = given.filter(([pid, blockedBy]) => blockedBy.some((other) => other !== pid));
        for (const [pid] of waiting) {
          const item = items.find((one) => one.pid === pid);
          expect(item !== undefined && (item.depth > 0 || item.circle)).toBe(true);
        }
      }),
    );
  });
});
