import { expect, test } from "vitest";
import { dayBounds } from "#app/(console)/connections/[id]/history/day-bounds.ts";

test.each([
  ["2026-11-26", "UTC", "2026-11-26T00:00:00.000Z", "2026-11-27T00:00:00.000Z"],
  ["2026-11-26", "Asia/Taipei", "2026-11-25T16:00:00.000Z", "2026-11-26T16:00:00.000Z"],
  ["2026-12-31", "America/New_York", "2026-12-31T05:00:00.000Z", "2027-01-01T05:00:00.000Z"],
  // 23 and 25 hours.
  ["2026-03-29", "Europe/Paris", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "Europe/Paris", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
  ["2026-03-08", "Pacific/Kiritimati", "2026-03-07T10:00:00.000Z", "2026-03-08T10:00:00.000Z"],
  // It begins at one o'clock.
  ["2024-09-08", "America/Santiago", "2024-09-08T04:00:00.000Z", "2024-09-09T03:00:00.000Z"],
])("%s in %s", (day, timeZone, from, until) => {
  expect(dayBounds(day, timeZone)).toEqual({ from, until });
});

test.each(["", "2026-1-1", "today", "2026-11-26T00:00"])("%j is no day", (day) => {
  expect(dayBounds(day, "UTC")).toBeUndefined();
});
