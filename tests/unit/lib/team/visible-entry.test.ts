import { expect, test } from "vitest";
import type { AuditEntry } from "#lib/team/audit.ts";
import { visibleEntry } from "#lib/team/visible-entry.ts";

const sign = "\u202e";
const entry: AuditEntry = {
  seq: 1,
  at: "2026-11-27T07:00:00.000Z",
  actor: `a${sign}`,
  session: `b${sign}`,
  source: `c${sign}`,
  action: "connection-change",
  object: `d${sign}`,
  target: `e${sign}`,
  secrets: [`f${sign}`],
  reason: `g${sign}`,
  changes: [{ field: `h${sign}`, from: `i${sign}`, to: `j${sign}` }],
  times: 2,
  result: `k${sign}`,
};

test("no text of a line turns round what stands beside it", () => {
  const seen = JSON.stringify(visibleEntry(entry));
  expect(seen).not.toContain(sign);
  for (const letter of "abcdefghijk") expect(seen).toMatch(new RegExp(`"${letter}[^"]+"`));
});

test("what a line does not have it does not get", () => {
  const bare: AuditEntry = {
    seq: 1,
    at: entry.at,
    actor: null,
    session: null,
    source: null,
    action: "connection-test",
    object: null,
    target: null,
    result: "allowed",
  };
  expect(visibleEntry(bare)).toEqual(bare);
});
