import { expect, test } from "vitest";
import { readReturnPath } from "#app/_server/return-path.ts";

test.each(["/", "/connections", "/connections/abc?x=1&y=%20", "/settings"])("takes %s", (path) => {
  expect(readReturnPath(path)).toBe(path);
});

test.each([
  undefined,
  null,
  "",
  "connections",
  "https://evil.example/",
  "//evil.example",
  "/\\evil.example",
  "/x\\y",
  "/a b",
  "/a\nb",
  "/é",
  "javascript:alert(1)",
  "/api/logout",
  "/login?returnTo=/x",
  "/setup",
  "/locked",
  "/_next/static/x.js",
  `/${"x".repeat(600)}`,
])("refuses %s", (path) => {
  expect(readReturnPath(path)).toBeUndefined();
});
