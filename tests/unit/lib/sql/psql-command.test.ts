import { loadModule, parseSync } from "libpg-query";
import { describe, expect, test } from "vitest";
import { psqlCommand } from "#lib/sql/psql-command.ts";

describe("a command of psql", () => {
  test.each([
    ["\\d orders", { does: "open-table", name: "orders" }],
    ["\\d+ public.orders;", { does: "open-table", name: "public.orders" }],
    ['\\d "Odd Name"', { does: "open-table", name: '"Odd Name"' }],
    ["\\dS pg_class", { does: "open-table", name: "pg_class" }],
    ["\\dS+ pg_class", { does: "open-table", name: "pg_class" }],
    ["\\d", { does: "open-tree" }],
    ["\\dt", { does: "open-tree" }],
    ["\\dt+", { does: "open-tree" }],
    ["\\dtS+", { does: "open-tree" }],
    ["\\dn", { does: "open-tree" }],
    ["\\x", { does: "say", says: "expanded" }],
    ["\\x auto", { does: "say", says: "expanded" }],
    ["\\timing on", { does: "say", says: "always-timed" }],
    ["\\c other", { does: "say", says: "connect" }],
    ["\\copy t to 'file'", { does: "say", says: "copy" }],
    ["\\i script.sql", { does: "say", says: "file" }],
    ["\\e", { does: "say", says: "edit" }],
    ["\\g", { does: "say", says: "run" }],
    ["\\gx", { does: "say", says: "run" }],
    ["\\watch 2", { does: "say", says: "watch" }],
    ["\\q", { does: "say", says: "quit" }],
    ["\\?", { does: "say", says: "help" }],
    ["\\! ls", { does: "say", says: "shell" }],
    ["\\pset null x", { does: "say", says: "null" }],
    ["\\nonsense", { does: "say", says: "unknown" }],
    ["\\constructor", { does: "say", says: "unknown" }],
    ["\\", { does: "say", says: "unknown" }],
  ])("%s", (line, answer) => {
    expect(psqlCommand(line)).toEqual(answer);
  });

  test.each([
    "\\l",
    "\\l+",
    "\\list",
    "\\du",
    "\\dg",
    "\\df",
    "\\dT",
    "\\dx",
    "\\dp",
    "\\z",
    "\\db",
    "\\conninfo",
    "\\encoding",
    "\\dconfig",
  ])("%s is asked of the server in SQL", async (line) => {
    await loadModule();
    const answer = psqlCommand(line);
    expect(answer.does === "run" && parseSync(answer.sql).stmts).toHaveLength(1);
  });
});
