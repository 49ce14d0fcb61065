import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WriteUnlocks } from "#lib/team/write-unlocks.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const unlock = (more: object = {}) =>
  ({ userId: "mo", sessionId: "s1", connectionId: "shop", minutes: 15, ...more }) as const;

test("it ends by itself, and tells so once", () => {
  const unlocks = new WriteUnlocks();
  const ended = vi.fn();
  unlocks.open(unlock(), ended);
  expect(unlocks.left(unlock())).toBe(15 * minute);
  vi.advanceTimersByTime(15 * minute - 1);
  expect([unlocks.left(unlock()), ended.mock.calls.length]).toEqual([1, 0]);
  vi.advanceTimersByTime(1);
  expect([unlocks.left(unlock()), ended.mock.calls.length, unlocks.all()]).toEqual([0, 1, []]);
  expect(unlocks.end(unlock())).toBe(false);
  expect(ended).toHaveBeenCalledTimes(1);
});

test("another session or connection is not unlocked by it", () => {
  const unlocks = new WriteUnlocks();
  unlocks.open(unlock(), vi.fn());
  expect(unlocks.left(unlock({ sessionId: "s2" }))).toBe(0);
  expect(unlocks.left(unlock({ connectionId: "other" }))).toBe(0);
});

test("a clock that is put back makes it no longer", () => {
  const unlocks = new WriteUnlocks();
  unlocks.open(unlock(), vi.fn());
  vi.setSystemTime(0);
  vi.advanceTimersByTime(15 * minute);
  expect(unlocks.left(unlock())).toBe(0);
});

test("another one takes the place of the first, longer or shorter", () => {
  const unlocks = new WriteUnlocks();
  const [first, second] = [vi.fn(), vi.fn()];
  unlocks.open(unlock({ minutes: 60 }), first);
  unlocks.open(unlock(), second);
  vi.advanceTimersByTime(15 * minute);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  vi.advanceTimersByTime(60 * minute);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
});

test("those of a session, a user or a connection end together, the others go on", () => {
  const unlocks = new WriteUnlocks();
  unlocks.open(unlock(), vi.fn());
  unlocks.open(unlock({ connectionId: "other" }), vi.fn());
  unlocks.open(unlock({ sessionId: "s2", userId: "alice" }), vi.fn());
  unlocks.endWhere(({ userId }) => userId === "alice");
  unlocks.endWhere(({ connectionId }) => connectionId === "other");
  expect(unlocks.all().map(({ sessionId, connectionId }) => [sessionId, connectionId])).toEqual([
    ["s1", "shop"],
  ]);
});
