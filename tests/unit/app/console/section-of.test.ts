import { expect, test } from "vitest";
import { sectionOf } from "#app/(console)/section-of.ts";

test.each([
  ["/connections", "connections"],
  ["/connections/new", "connections"],
  ["/connections/abc/table", "connections"],
  ["/settings/connections/abc", "connections"],
  ["/settings", "settings"],
  ["/settings/connections", "settings"],
  ["/settings/access/abc", "settings"],
  ["/help", "help"],
  ["/help/problems", "help"],
  ["/helpless", undefined],
  ["/nowhere", undefined],
  ["/", undefined],
])("%s belongs to %s", (path, section) => {
  expect(sectionOf(path)).toBe(section);
});
