import { expect, test } from "vitest";
import { ok, type Result } from "#lib/problems/result.ts";
import { chainWatch } from "#lib/team/chain-watch.ts";
import type { ChainState } from "#lib/vault/chained-log.ts";

const whole = (entries: number) => ok({ state: "whole", entries } as const);

/** A check that ends when the test says so. */
function heldCheck() {
  const open: ((found: Result<ChainState>) => void)[] = [];
  let begun = 0;
  const check = () => {
    begun += 1;
    return new Promise<Result<ChainState>>((resolve) => open.push(resolve));
  };
  return { check, begun: () => begun, end: (found: Result<ChainState>) => open.shift()?.(found) };
}

test("nobody waits for a long check, one runs at a time, and what it found is told with its time", async () => {
  const { check, begun, end } = heldCheck();
  let clock = 0;
  const watch = chainWatch(
    check,
    () => 1234,
    () => clock,
  );
  expect(await watch.report(0)).toEqual({ last: undefined, running: true });
  expect(await watch.report(0)).toEqual({ last: undefined, running: true });
  expect(begun()).toBe(1);
  clock = 7;
  // It has run for longer than that already.
  expect(await watch.report(7)).toEqual({ last: undefined, running: true });
  const waiting = watch.report(60_000);
  end(whole(5));
  expect(await waiting).toEqual({ last: { found: whole(5), at: 1234 }, running: false });
  // It took seven, so for seventy the same is told.
  clock = 76;
  expect(await watch.report(0)).toEqual({ last: { found: whole(5), at: 1234 }, running: false });
  expect(begun()).toBe(1);
  clock = 77;
  expect(await watch.report(0)).toEqual({ last: { found: whole(5), at: 1234 }, running: true });
  expect(begun()).toBe(2);
});

test("a check of no time is made anew each time, and the one before it is told meanwhile", async () => {
  const { check, end } = heldCheck();
  let at = 0;
  const watch = chainWatch(
    check,
    () => ++at,
    () => 0,
  );
  const first = watch.report(60_000);
  end(whole(5));
  await first;
  expect(await watch.report(0)).toEqual({ last: { found: whole(5), at: 1 }, running: true });
  const second = watch.report(60_000);
  end(ok({ state: "broken", line: 3, part: "audit.1.jsonl" }));
  expect((await second).last).toMatchObject({ found: { value: { state: "broken" } }, at: 2 });
});

test("a check that ends in an exception is said, and harms nobody", async () => {
  const watch = chainWatch(() => Promise.reject(new Error("EIO")), Date.now);
  const { last } = await watch.report(60_000);
  expect(last?.found).toMatchObject({ ok: false, problem: { code: "unexpected" } });
});
