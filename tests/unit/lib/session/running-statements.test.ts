import { describe, expect, test } from "vitest";
import { cancelStatement, startStatement } from "#lib/session/running-statements.ts";

const never = new AbortController().signal;

describe("running statements", () => {
  test("a cancel ends one's own statement, nobody else's", () => {
    const mine = startStatement("ada", "run-1", never);
    const other = startStatement("noor", "run-1", never);
    cancelStatement("ada", "run-1");
    expect(mine?.signal.aborted).toBe(true);
    expect(other?.signal.aborted).toBe(false);
    mine?.done();
    other?.done();
  });

  test("a browser that goes away ends it", () => {
    const gone = new AbortController();
    const running = startStatement("ada", "run-2", gone.signal);
    gone.abort();
    expect(running?.signal.aborted).toBe(true);
    running?.done();
  });

  test("a cancel that overtakes its statement ends it as it begins, once", () => {
    cancelStatement("ada", "run-3");
    const first = startStatement("ada", "run-3", never);
    expect(first?.signal.aborted).toBe(true);
    first?.done();
    const second = startStatement("ada", "run-3", never);
    expect(second?.signal.aborted).toBe(false);
    second?.done();
  });

  test("an id is used by one statement at a time", () => {
    const running = startStatement("ada", "run-4", never);
    expect(startStatement("ada", "run-4", never)).toBeUndefined();
    running?.done();
    const again = startStatement("ada", "run-4", never);
    expect(again).toBeDefined();
    again?.done();
  });
});
