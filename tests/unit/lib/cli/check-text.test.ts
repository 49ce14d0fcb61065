import { expect, test } from "vitest";
import { checkText } from "#lib/cli/check-text.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";

const text = (found: Problem) =>
  checkText({
    label: "db",
    report: { ok: false, problem: found, steps: [], tls: null, server: null, fallback: null, ms: 1 },
  });

test("a server's words are said once, in the cause where it quotes them, below it where it does not", () => {
  const facts = { message: "not from here", sqlstate: "28000" };
  const quoted = text(problem("auth-refused", facts));
  expect(quoted.match(/not from here/g)).toHaveLength(1);
  expect(quoted).toContain("The server says: not from here");
  expect(text(problem("database-unknown", facts))).toContain("The server says: not from here");
});

test("what nobody has seen shows the server's words and the SQLSTATE", () => {
  const shown = text(problem("unexpected", { message: "no such thing", sqlstate: "58P01" }));
  expect(shown).toContain("no such thing (SQLSTATE 58P01)");
});
