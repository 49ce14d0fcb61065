import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atOnce } from "#app/(console)/at-once.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is done is not waited for, and leaves no timer", async () => {
  await atOnce(Promise.resolve("rows"));
  expect(vi.getTimerCount()).toBe(0);
});

test("what fails is told to whoever uses it, not here", async () => {
  const work = Promise.reject(new Error("away"));
  await expect(atOnce(work)).resolves.toBeUndefined();
  await expect(work).rejects.toThrow("away");
});

test("what takes long is left after 120 ms", async () => {
  const waited = vi.fn();
  void atOnce(new Promise(() => undefined)).then(waited);
  await vi.advanceTimersByTimeAsync(119);
  expect(waited).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(waited).toHaveBeenCalledOnce();
});
