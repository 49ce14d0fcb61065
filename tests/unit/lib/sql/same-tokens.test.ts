import { expect, test } from "vitest";
import { sameTokens } from "#lib/sql/same-tokens.ts";

test.each([
  ["select 1", "select\n  1", true],
  ["select a=-1", "select a = -1", true],
  ["select a>=1", "select a >= 1", true],
  ["select a>=1", "select a > = 1", false],
  ["select 1--1", "select 1 - -1", false],
  ["select - -1", "select --1", false],
  ["select a@-b", "select a @- b", true],
  ["select a@-b", "select a @ -b", false],
  ["select a::int", "select a :: int", true],
  ["select a::int", "select a : :int", false],
  ["select 'a'\n'b'", "select 'a' 'b'", false],
  ["select 'a  b'", "select 'a b'", false],
  ["select $$ a $$", "select $$ a$$", false],
  ["select A", "select a", false],
  ["select 1 -- why\n", "select 1 -- why", true],
  ["select 1 -- why\n, 2", "select 1 -- why , 2", false],
  ["select /* a\n   b */ 1", "select /* a\n b */ 1", true],
  ["select /* a */ 1", "select 1", false],
  ["select 1;", "select 1", false],
  ["select 1 2", "select 12", false],
  ["", "  ", true],
])("%j and %j: %s", (before, after, same) => {
  expect(sameTokens(before, after)).toBe(same);
});
