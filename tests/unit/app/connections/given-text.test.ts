import { afterEach, expect, test, vi } from "vitest";
import { giveText, textGiven, textTaken } from "#app/(console)/connections/form/given-text.ts";

afterEach(() => vi.useRealTimers());

test("a pasted text is there for the form that it opens, once", () => {
  giveText("postgres://app:hunter2@db.example.com/shop");
  expect(textGiven()).toContain("hunter2");
  textTaken();
  expect(textGiven()).toBeUndefined();
});

test("where that form never came, the text with its password is not kept for another", () => {
  vi.useFakeTimers();
  giveText("host=a password=hunter2");
  vi.advanceTimersByTime(20_000);
  giveText("host=b password=hunter3");
  vi.advanceTimersByTime(20_000);
  expect(textGiven()).toContain("hunter3");
  vi.advanceTimersByTime(20_000);
  expect(textGiven()).toBeUndefined();
});
