import { describe, expect, test } from "vitest";
import { type Throttle, throttle } from "#lib/team/throttle.ts";

function withClock() {
  const clock = { at: 1000 };
  return { clock, gate: throttle(() => clock.at) };
}

/** Tries once; gives the pause in seconds, or 0 when the try was taken. */
function attempt(gate: Throttle, account = "ann", source = "192.0.2.1"): number {
  const answer = gate.ask({ account, source });
  return answer.ok ? 0 : Number(answer.problem.facts.retryAfter);
}

describe("throttle", () => {
  test("five wrong tries are free, then each doubles the pause, up to five minutes and no further", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 5; n += 1) expect(attempt(gate)).toBe(0);
    const pauses: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      const pause = attempt(gate);
      pauses.push(pause);
      clock.at += pause * 1000;
      expect(attempt(gate), "nobody is locked out for good").toBe(0);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  test("a name in other letters is the same account", () => {
    const { gate } = withClock();
    for (const name of ["ann", "Ann", "ANN", " ann ", "ＡＮＮ"]) expect(attempt(gate, name)).toBe(0);
    expect(attempt(gate, "aNN")).toBe(1);
  });

  test("hammering during a pause does not prolong it", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 6; n += 1) attempt(gate);
    clock.at += 500;
    for (let n = 0; n < 50; n += 1) expect(attempt(gate)).toBe(1);
    clock.at += 600;
    expect(attempt(gate)).toBe(0);
  });

  test("tries in parallel are all counted before any is settled", () => {
    const { gate } = withClock();
    const taken = Array.from({ length: 20 }, () => gate.ask({ account: "ann" }));
    expect(taken.filter((one) => one.ok)).toHaveLength(5);
  });

  test("a right try clears the account, and others are not touched", () => {
    const { gate } = withClock();
    for (let n = 0; n < 4; n += 1) attempt(gate);
    const right = gate.ask({ account: "ann", source: "192.0.2.1" });
    if (right.ok) right.value.succeeded();
    for (let n = 0; n < 5; n += 1) expect(attempt(gate)).toBe(0);
    expect(attempt(gate)).toBeGreaterThan(0);
    expect(attempt(gate, "bob", "192.0.2.2")).toBe(0);
  });

  test("one source guessing at many accounts is slowed down too", () => {
    const { gate } = withClock();
    const taken = Array.from({ length: 25 }, (_, n) => attempt(gate, `user-${n}`, "192.0.2.9"));
    expect(taken.filter((pause) => pause === 0)).toHaveLength(20);
  });

  test("all together: thirty at once, then one a second, also when no source is known", () => {
    const { clock, gate } = withClock();
    const at = (n: number) => {
      const answer = gate.ask({ account: `user-${n}` });
      return answer.ok ? 0 : Number(answer.problem.facts.retryAfter);
    };
    for (let n = 0; n < 30; n += 1) expect(at(n)).toBe(0);
    expect(at(30)).toBe(1);
    clock.at += 1000;
    expect(at(31)).toBe(0);
    expect(at(32)).toBe(1);
  });

  test("a count that rested for an hour is forgotten", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 6; n += 1) attempt(gate);
    clock.at += 61 * 60_000;
    for (let n = 0; n < 5; n += 1) expect(attempt(gate)).toBe(0);
  });
});
