import { describe, expect, test } from "vitest";
import { type Throttle, throttle } from "#lib/team/throttle.ts";

function withClock() {
  const clock = { at: 10 * 60 * 60_000 };
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

  test("a right try gives itself back and forgets nothing", () => {
    const { gate } = withClock();
    for (let n = 0; n < 4; n += 1) attempt(gate);
    for (let n = 0; n < 10; n += 1) succeed(gate, { account: "ann", source: "192.0.2.1" });
    expect(attempt(gate)).toBe(0);
    expect(attempt(gate)).toBe(1);
    expect(attempt(gate, "bob", "192.0.2.2")).toBe(0);
  });

  test("a right try does not end the pause that others made meanwhile", () => {
    const { gate } = withClock();
    const right = gate.ask({ account: "ann", source: "192.0.2.1" });
    for (let n = 0; n < 4; n += 1) attempt(gate);
    if (right.ok) right.value.succeeded();
    expect(attempt(gate)).toBe(1);
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

  test("one source at one account does not shut the others out of it", () => {
    const { clock, gate } = withClock();
    for (let second = 0; second < 3600; second += 1) {
      attempt(gate, "ann", "198.51.100.1");
      clock.at += 1000;
    }
    expect(attempt(gate, "ann", "198.51.100.1")).toBeGreaterThan(0);
    expect(attempt(gate, "ann", "192.0.2.7")).toBe(0);
  });

  test("many sources at one account are slowed down together", () => {
    const { gate, clock } = withClock();
    let taken = 0;
    for (let n = 0; n < 3600; n += 1) {
      if (attempt(gate, "ann", `198.51.${n % 250}.${n % 241}`) === 0) taken += 1;
      clock.at += 1000;
    }
    expect(taken).toBeGreaterThan(100);
    expect(taken).toBeLessThanOrEqual(100 + 3600 / 30 + 1);
  });

  test("a source's flood of invented names leaves room for others", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 7 * 60; n += 1) {
      attempt(gate, `invented-${n}`, "198.51.100.1");
      clock.at += 1000 / 7;
    }
    for (let n = 0; n < 10; n += 1) expect(attempt(gate, `user-${n}`, `192.0.2.${n}`)).toBe(0);
  });

  test.each([
    ["2001:db8::1", "2001:db8:0:0:ffff::9", true],
    ["2001:db8::1", "2001:db8:0:1::1", false],
    ["::ffff:192.0.2.7", "192.0.2.7", true],
    ["192.0.2.7", "192.0.2.8", false],
  ])("%s and %s are one source: %s", (one, other, same) => {
    const { gate } = withClock();
    for (let n = 0; n < 20; n += 1) attempt(gate, `user-${n}`, one);
    expect(attempt(gate, "ann", other) > 0).toBe(same);
  });

  describe("a browser that the account signed in with before", () => {
    const known = { account: "ann", source: "192.0.2.1", device: "d1" };

    test("is not kept out by strangers, whatever they try from wherever", () => {
      const { clock, gate } = withClock();
      for (let n = 0; n < 2000; n += 1) {
        attempt(
          gate,
          n % 2 === 0 ? "ann" : `invented-${n}`,
          n % 3 === 0 ? "192.0.2.1" : `198.51.100.${n % 250}`,
        );
        clock.at += 100;
        if (n % 200 === 0) expect(succeed(gate, known)).toBe(true);
      }
    });

    test("is slowed down by its own wrong tries, and by nobody else's", () => {
      const { gate } = withClock();
      const tries = Array.from({ length: 8 }, () => gate.ask(known).ok);
      expect(tries.filter(Boolean)).toHaveLength(5);
      expect(gate.ask({ ...known, device: "d2" }).ok).toBe(true);
      expect(gate.ask({ account: "ann", source: "192.0.2.1" }).ok).toBe(true);
      expect(gate.ask({ ...known, account: "bob" }).ok).toBe(true);
    });

    test("its right tries take nothing of what strangers are counted by", () => {
      const { gate } = withClock();
      for (let n = 0; n < 5; n += 1) attempt(gate);
      for (let n = 0; n < 50; n += 1) expect(succeed(gate, known)).toBe(true);
      expect(attempt(gate)).toBe(1);
    });
  });

  function succeed(gate: Throttle, of: Parameters<Throttle["ask"]>[0]): boolean {
    const right = gate.ask(of);
    if (right.ok) right.value.succeeded();
    return right.ok;
  }

  test("a count that rested for an hour is forgotten", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 6; n += 1) attempt(gate);
    clock.at += 61 * 60_000;
    for (let n = 0; n < 5; n += 1) expect(attempt(gate)).toBe(0);
  });

  test("one that rested for an hour and no longer still counts", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 6; n += 1) attempt(gate);
    clock.at += 60 * 60_000;
    expect(attempt(gate)).toBe(0);
    expect(attempt(gate)).toBe(2);
  });

  test("right tries of many accounts never slow their common source down", () => {
    const { clock, gate } = withClock();
    for (let n = 0; n < 60; n += 1) {
      const right = gate.ask({ account: `user-${n}`, source: "192.0.2.1" });
      if (!right.ok) throw new Error(`refused at ${n}`);
      right.value.succeeded();
      clock.at += 1000;
    }
  });

  test("a right try takes one failure of its source back, and no more", () => {
    const { gate } = withClock();
    for (let n = 0; n < 18; n += 1) attempt(gate, `user-${n}`);
    const right = gate.ask({ account: "ann", source: "192.0.2.1" });
    if (right.ok) right.value.succeeded();
    const taken = Array.from({ length: 5 }, (_, n) => attempt(gate, `other-${n}`));
    expect(taken).toEqual([0, 0, 1, 1, 1]);
  });

  test("a try that ends when its source was long forgotten ends well", () => {
    const { clock, gate } = withClock();
    const right = gate.ask({ account: "ann", source: "192.0.2.1" });
    for (let n = 0; n < 10_001; n += 1) {
      clock.at += 1000;
      attempt(gate, `user-${n}`, `source-${n}`);
    }
    if (!right.ok) throw new Error("refused");
    right.value.succeeded();
  });

  test("keeps time by itself", () => {
    const gate = throttle();
    for (let n = 0; n < 5; n += 1) expect(attempt(gate)).toBe(0);
    expect(attempt(gate)).toBe(1);
  });
});
