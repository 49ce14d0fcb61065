import { describe, expect, test } from "vitest";
import { isAttemptId, makeAttempts } from "#app/_server/attempts.ts";

const id = (digit: string) => digit.repeat(32);

function clocked() {
  let ms = 0;
  return { attempts: makeAttempts(() => ms), pass: (by: number) => (ms += by) };
}

describe("running tests", () => {
  test("are ended by their owner alone", () => {
    const { attempts } = clocked();
    const begun = attempts.begin("ada", id("a"), false);
    if (!begun.ok) throw new Error("refused");
    attempts.cancel("mallory", id("a"));
    expect(begun.value.aborted).toBe(false);
    attempts.cancel("ada", id("a"));
    expect(begun.value.aborted).toBe(true);
  });

  test("a cancel that overtakes its test ends it as it begins", () => {
    const { attempts } = clocked();
    attempts.cancel("ada", id("b"));
    const begun = attempts.begin("ada", id("b"), false);
    expect(begun.ok && begun.value.aborted).toBe(true);
  });

  test("an overtaking cancel is forgotten after half a minute", () => {
    const { attempts, pass } = clocked();
    attempts.cancel("ada", id("c"));
    pass(31_000);
    const begun = attempts.begin("ada", id("c"), false);
    expect(begun.ok && begun.value.aborted).toBe(false);
  });

  test("ten a minute, each person for themselves", () => {
    const { attempts, pass } = clocked();
    for (let count = 0; count < 10; count += 1) expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
    const refused = attempts.begin("ada", id("d"), false);
    expect(refused.ok ? undefined : refused.problem).toMatchObject({
      code: "too-many-attempts",
      facts: { retryAfter: 6 },
    });
    expect(attempts.begin("grace", id("d"), false).ok).toBe(true);
    expect(attempts.begin("ada", id("d"), true).ok, "to this machine itself").toBe(true);
    pass(6_000);
    expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
  });

  test("ids are 16 bytes in hex and nothing else", () => {
    expect(isAttemptId(id("0"))).toBe(true);
    for (const wrong of ["", "../x", id("g"), `${id("a")}a`, 7, null]) expect(isAttemptId(wrong)).toBe(false);
  });
});
