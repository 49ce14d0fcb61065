import { describe, expect, test } from "vitest";
import { goesToLoopback, isAttemptId, isLoopbackTarget, makeAttempts } from "#app/_server/attempts.ts";

const id = (digit: string) => digit.repeat(22);

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

  test("an opening is cancelled like a test, and not counted twice", () => {
    const { attempts } = clocked();
    attempts.cancel("ada", id("f"));
    expect(attempts.watch("ada", id("f")).aborted).toBe(true);
    const signal = attempts.watch("ada", id("e"));
    attempts.cancel("mallory", id("e"));
    expect(signal.aborted).toBe(false);
    attempts.cancel("ada", id("e"));
    expect(signal.aborted).toBe(true);
    for (let count = 0; count < 10; count += 1) expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
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

  test("what came to nothing before anything was dialled does not count", () => {
    const { attempts } = clocked();
    for (let count = 0; count < 30; count += 1) {
      expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
      attempts.giveBack("ada", id("d"), false);
    }
    for (let count = 0; count < 10; count += 1) expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
    expect(attempts.begin("ada", id("d"), false).ok).toBe(false);
  });

  test("forms and keys that are only read are counted for themselves", () => {
    const { attempts, pass } = clocked();
    for (let count = 0; count < 120; count += 1) expect(attempts.read("ada").ok).toBe(true);
    expect(attempts.read("ada")).toMatchObject({ problem: { code: "too-many-attempts" } });
    expect(attempts.read("grace").ok).toBe(true);
    expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
    pass(500);
    expect(attempts.read("ada").ok).toBe(true);
  });

  test.each<[unknown, boolean]>([
    [{ host: "localhost", networkAddress: "" }, true],
    [{ host: " [::1] ", networkAddress: " " }, true],
    [{ host: "db.example.test", networkAddress: "127.0.0.1" }, true],
    [{ host: "localhost", networkAddress: "192.0.2.1" }, false],
    [{ host: 7 }, false],
    [null, false],
    ["localhost", false],
  ])("where %j goes is told before it is parsed", (form, expected) => {
    expect(goesToLoopback(form)).toBe(expected);
  });

  describe("opening what is saved", () => {
    test("comes out of the same bucket as testing", () => {
      const { attempts } = clocked();
      for (let count = 0; count < 5; count += 1) expect(attempts.begin("ada", id("d"), false).ok).toBe(true);
      for (let count = 0; count < 5; count += 1)
        expect(attempts.open("ada", `10.0.0.${count}:5432`, false).ok).toBe(true);
      expect(attempts.open("ada", "10.0.0.9:5432", false).ok).toBe(false);
      expect(attempts.begin("ada", id("d"), false).ok).toBe(false);
      expect(attempts.open("grace", "10.0.0.9:5432", false).ok).toBe(true);
    });

    test("fifty-seven in a few seconds dial ten times", () => {
      const { attempts, pass } = clocked();
      let dialled = 0;
      for (let count = 0; count < 57; count += 1) {
        if (attempts.open("ada", `10.0.0.${count}:5432`, false).ok) dialled += 1;
        pass(42);
      }
      expect(dialled).toBe(10);
    });

    test("a target that fails again and again is waited for, longer each time, by whoever opens it", () => {
      const { attempts, pass } = clocked();
      const open = (target = "db.example.com:5432", user = "ada") => {
        const opened = attempts.open(user, target, true);
        return opened.ok ? 0 : Number(opened.problem.facts.retryAfter);
      };
      for (let count = 0; count < 5; count += 1) expect(open()).toBe(0);
      const pauses: number[] = [];
      for (let count = 0; count < 10; count += 1) {
        const pause = open("DB.example.com:5432");
        pauses.push(pause);
        pass(pause * 1000);
        expect(open()).toBe(0);
      }
      expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
      expect(open("db.example.com:5433")).toBe(0);
      expect(open("db.example.com:5432", "grace")).toBe(0);
    });

    test("what connects costs nothing, and ends the waiting", () => {
      const { attempts } = clocked();
      for (let count = 0; count < 4; count += 1) attempts.open("ada", "db:5432", false);
      for (let count = 0; count < 100; count += 1) {
        const opened = attempts.open("ada", "db:5432", false);
        if (!opened.ok) throw new Error(`the ${count}th was refused`);
        opened.value.succeeded();
      }
    });

    test.each([
      ["localhost", true],
      ["127.9.9.9", true],
      ["::1", true],
      ["10.0.0.1", false],
      ["localhost.example.com", false],
    ])("%s is this machine: %s", (host, is) => expect(isLoopbackTarget(host)).toBe(is));
  });

  test("ids are 16 bytes in base64url and nothing else", () => {
    expect(isAttemptId(id("0"))).toBe(true);
    for (const wrong of ["", "../x", id("g").slice(1), id("+"), `${id("a")}a`, 7, null])
      expect(isAttemptId(wrong)).toBe(false);
  });
});
