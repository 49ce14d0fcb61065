import { describe, expect, test } from "vitest";
import { deriveInTurn, mostRounds, roundsAsked } from "#lib/wire/scram-rounds.ts";

const heavy = 2_000_000;
const never = new AbortController().signal;

test.each([
  [10_000, 4_000_000],
  [1_000, 400_000],
  // PostgreSQL's default is 4,096; a short time does not keep anybody out who is usual.
  [100, 100_000],
  [600_000, 10_000_000],
])("what fits into %i ms: %i rounds", (timeout, rounds) => expect(mostRounds(timeout)).toBe(rounds));

test.each([
  ["r=abc,s=c2FsdA==,i=4096", 4096],
  ["i=2000000,r=abc,s=c2FsdA==", 2_000_000],
  [`r=abc,s=c2FsdA==,i=${"9".repeat(400)}`, Number.MAX_SAFE_INTEGER],
  ["r=abc,s=c2FsdA==", null],
  ["r=i=5,s=c2FsdA==,i=0", null],
])("the rounds of %s", (message, rounds) => expect(roundsAsked(message)).toBe(rounds));

describe("derivations", () => {
  const started: string[] = [];
  const held = (name: string) => {
    let finish = () => {};
    const work = () => {
      started.push(name);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    return { work, finish: () => finish() };
  };

  test("of many rounds wait for one another, usual ones for nobody, and who has left is passed over", async () => {
    const [first, second, usual, third] = ["first", "second", "usual", "third"].map(held);
    if (!first || !second || !usual || !third) throw new Error("four were made");
    const left = new AbortController();
    const running = [
      deriveInTurn(heavy, never, first.work),
      deriveInTurn(heavy, left.signal, second.work),
      deriveInTurn(4096, never, usual.work),
      deriveInTurn(heavy, never, third.work),
    ];
    await expect.poll(() => started).toEqual(["usual", "first"]);
    left.abort();
    first.finish();
    await expect.poll(() => started).toEqual(["usual", "first", "third"]);
    usual.finish();
    third.finish();
    await Promise.all(running);
  });

  test("one that fails does not hold up the next", async () => {
    await expect(deriveInTurn(heavy, never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await expect(deriveInTurn(heavy, never, async () => "done")).resolves.toBeUndefined();
  });
});
