import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { sharedThrottle } from "#lib/team/shared-throttle.ts";
import type { Attempt } from "#lib/team/throttle.ts";

afterEach(() => vi.useRealTimers());

const stranger: Attempt = { account: "ann", source: "192.0.2.1" };

/** A document in memory, as many consoles on it as wanted, and a clock that is set by hand. */
function bench() {
  const kept = { text: undefined as string | undefined, writes: 0, broken: false };
  const clock = { at: Date.UTC(2026, 0, 1) };
  const parsed = () => (kept.text === undefined ? undefined : JSON.parse(kept.text));
  const document = {
    read: async () => ok(parsed()),
    change: async (edit: (value: unknown) => unknown): Promise<Result<void>> => {
      // Others get their turn, as while a disk writes.
      await new Promise((resolve) => setImmediate(resolve));
      if (kept.broken) return failed(problem("vault-write-failed"));
      const before = parsed();
      const next = edit(before);
      if (next === before) return ok(undefined);
      kept.text = JSON.stringify(next);
      kept.writes += 1;
      return ok(undefined);
    },
  };
  const key = randomBytes(32);
  return {
    kept,
    clock,
    console: (most = 500) => sharedThrottle({ document, key, now: () => clock.at, most }),
  };
}
type Console = ReturnType<ReturnType<typeof bench>["console"]>;

/** Tries; gives how many were taken. */
async function tries(console: Console, count: number, attempt: Attempt = stranger): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, () => console.ask(attempt)));
  return answers.filter((answer) => answer.ok).length;
}

describe("a throttle that is kept in the store", () => {
  test("goes on after a restart where it was: free tries, pauses, and what all strangers have together", async () => {
    const { console, clock } = bench();
    expect(await tries(console(), 6)).toBe(5);
    const again = console();
    expect(await again.ask(stranger)).toMatchObject({ problem: { facts: { retryAfter: 1 } } });
    clock.at += 1000;
    expect(await tries(again, 2)).toBe(1);
    expect(await console().ask(stranger)).toMatchObject({ problem: { facts: { retryAfter: 2 } } });
    expect(await tries(console(), 40, { account: "bob" })).toBe(5);
  });

  test("is one for all consoles, also when all are asked at once", async () => {
    const { console } = bench();
    const consoles = [console(), console(), console()];
    const taken = await Promise.all(consoles.map((one) => tries(one, 10)));
    expect(taken.reduce((all, one) => all + one)).toBe(5);
  });

  test("counts a try before anybody works for it, and takes a right one back", async () => {
    const { console } = bench();
    const [one, other] = [console(), console()];
    for (let n = 0; n < 20; n += 1) {
      const right = await one.ask(stranger);
      if (!right.ok) throw new Error(`refused at ${n}`);
      right.value.succeeded();
    }
    expect(await tries(one, 1)).toBe(1);
    expect(await tries(other, 9)).toBe(4);
  });

  test("tells the others of a right try a moment later, also when nobody tries again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { console, kept } = bench();
    const one = console();
    for (let n = 0; n < 5; n += 1) {
      const right = await one.ask(stranger);
      if (right.ok) right.value.succeeded();
    }
    kept.broken = true;
    await vi.advanceTimersByTimeAsync(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tries(console(), 1)).toBe(0);
    kept.broken = false;
    await vi.advanceTimersByTimeAsync(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tries(console(), 9)).toBe(5);
  });

  test("writes nothing for what it refuses, and once for what comes together", async () => {
    const { console, kept } = bench();
    const one = console();
    expect(await tries(one, 300)).toBe(5);
    expect(kept.writes).toBeLessThanOrEqual(2);
    const before = kept.writes;
    for (let n = 0; n < 50; n += 1) await one.ask(stranger);
    expect(kept.writes).toBe(before);
  });

  test("takes no try that it cannot count", async () => {
    const { console, kept } = bench();
    kept.broken = true;
    expect(await console().ask(stranger)).toEqual(failed(problem("vault-write-failed")));
  });

  test("stays small whatever strangers try, and keeps those that failed most", async () => {
    const { console, clock, kept } = bench();
    const one = console(50);
    expect(await tries(one, 5)).toBe(5);
    for (let n = 0; n < 150; n += 1) {
      clock.at += 1000;
      await one.ask({ account: `user-${n}`, source: `198.51.100.${n}` });
    }
    expect(kept.text?.length).toBeLessThan(2 * 50 * 90);
    expect(await tries(console(), 3)).toBe(1);
    expect(await tries(console(), 1)).toBe(0);
  });

  test("two consoles whose clocks differ by half a minute give no try back twice", async () => {
    const { console, clock } = bench();
    const ahead = console();
    let taken = 0;
    for (let n = 0; n < 20; n += 1) {
      clock.at += n % 2 === 0 ? 30_000 : -30_000;
      for (let m = 0; m < 10; m += 1) taken += await tries(ahead, 1, { account: `user-${n}-${m}` });
    }
    expect(taken).toBe(30);
  });

  test("names nobody", async () => {
    const { console, kept } = bench();
    await console().ask({ ...stranger, device: "the-device" });
    await console().ask(stranger);
    expect(kept.text).not.toMatch(/ann|192\.0\.2|the-device/);
  });

  test("of a clock that was ahead pauses nobody for longer, and what is no count of ours counts nothing", async () => {
    const { console, clock, kept } = bench();
    clock.at += 365 * 24 * 60 * 60_000;
    expect(await tries(console(), 6)).toBe(5);
    clock.at -= 365 * 24 * 60 * 60_000;
    expect(await tries(console(), 6)).toBe(5);
    kept.text = '{"v":7}';
    expect(await tries(console(), 9)).toBe(5);
  });
});
