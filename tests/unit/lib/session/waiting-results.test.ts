import { expect, test, vi } from "vitest";
import { moreRows, noteWaiting } from "#lib/session/waiting-results.ts";

test("a result goes on for whom it is, while it waits, and for nobody else", () => {
  const more = vi.fn(() => true);
  noteWaiting("alice", "run-1", more);
  expect(moreRows("bob", "run-1", 10)).toBe(false);
  expect(moreRows("alice", "run-2", 10)).toBe(false);
  expect(moreRows("alice\nrun-1", "", 10)).toBe(false);
  expect(more).not.toHaveBeenCalled();
  expect(moreRows("alice", "run-1", 10)).toBe(true);
  expect(more).toHaveBeenCalledExactlyOnceWith(10);
  noteWaiting("alice", "run-1", undefined);
  expect(moreRows("alice", "run-1", 10)).toBe(false);
});
