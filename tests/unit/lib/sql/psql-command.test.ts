import { loadModule, parseSync } from "libpg-query";
import { describe, expect, test } from "vitest";
import { psqlCommand } from "#lib/sql/psql-command.ts";

describe("a command of psql", () => {
  test.each([
    ["\\x", "expanded"],
    ["\\x auto", "expanded"],
    ["\\timing on", "always-timed"],
    ["\\c other", "connect"],
    ["\\copy t to 'file'", "copy"],
    ["\\i script.sql", "file"],
    ["\\e", "edit"],
    ["\\g", "run"],
    ["\\gx", "run"],
    ["\\watch 2", "watch"],
    ["\\q", "quit"],
    ["\\?", "help"],
    ["\\! ls", "shell"],
    ["\\pset null x", "null"],
    ["\\nonsense", "unknown"],
    ["\\constructor", "unknown"],
    ["\\", "unknown"],
  ])("%s: %s", (line, says) => {
    expect(psqlCommand(line)).toMatchObject({ does: "say", says });
  });

  test.each([
    ["\\d orders", "orders"],
    ["\\d+ public.orders;", "public.orders"],
    ['\\d "Odd Name"', '"Odd Name"'],
    ["\\dS pg_class", "pg_class"],
    ["\\dS+ pg_class", "pg_class"],
    ["\\d ORDERS", "ORDERS"],
    ["\\d+ SALES.ITEMS", "SALES.ITEMS"],
    ["\\dS ORDERS;", "ORDERS"],
    ["\\d+S S", "S"],
  ])("%s asks for %s, as a value", (line, name) => {
    expect(psqlCommand(line)).toMatchObject({ does: "run", values: [name] });
  });

  test("several names are asked for one by one, whatever stands in their quotes", async () => {
    const answer = psqlCommand('\\d one "two ""x"" y" s.three;');
    expect(answer).toMatchObject({ does: "run", values: ["one", '"two ""x"" y"', "s.three"] });
    expect(psqlCommand('\\dt one "A ""b""" s*.t?')).toMatchObject({
      values: ["^(one)$", '^(A "b")$', "^(s.*)$", "^(t.)$"],
      shown: { in: "tree", text: "one" },
    });
    expect(psqlCommand('\\dt """"')).toMatchObject({ values: ['^(")$'] });
    // Types of its arguments follow a function's name.
    expect(psqlCommand("\\df sum integer")).toMatchObject({ values: ["^(sum)$"] });
    expect(psqlCommand("\\dn a b")).toMatchObject({ values: ["^(a)$", "^(b)$"] });
    await loadModule();
    for (const line of ["\\d a b c", "\\dt a b.c d", "\\dn a b", "\\dconfig a b"]) {
      const { sql, values } = psqlCommand(line) as { sql: string; values: readonly string[] };
      expect(() => parseSync(sql)).not.toThrow();
      expect(sql).toContain(`$${values.length}`);
    }
  });

  test("several kinds of relations are listed at once", async () => {
    await loadModule();
    for (const line of ["\\dtv", "\\dtvmsE+", "\\dtiS", "\\dvt a*"]) {
      const { sql } = psqlCommand(line) as { sql: string };
      expect(() => parseSync(sql)).not.toThrow();
      expect(sql).toContain("'r', 'p'");
    }
    expect(psqlCommand("\\dtx")).toMatchObject({ does: "say", says: "unknown" });
  });

  test("the last S of a name is no sign of the command, but part of what is looked for", () => {
    expect(psqlCommand("\\dt ORDERS")).toMatchObject({ values: ["^(orders)$"] });
    expect(psqlCommand("\\dT S")).toMatchObject({ values: ["^(s)$"] });
    expect(psqlCommand("\\dtS ORDERS")).toMatchObject({ values: ["^(orders)$"] });
  });

  test.each(["d", "dt", "di", "dv", "dm", "ds", "df", "dT", "dp", "z", "dn"])(
    "\\%s leaves out what is the system's, but with S or a pattern",
    async (name) => {
      const sqlOf = (line: string) => {
        const answer = psqlCommand(line);
        if (answer.does !== "run") throw new Error("nothing to run");
        return answer.sql;
      };
      expect(sqlOf(`\\${name}`)).toMatch(/pg_catalog/);
      await loadModule();
      for (const line of [`\\${name}S`, `\\${name}+S`, `\\${name}S+`, `\\${name} pg_*`]) {
        expect(sqlOf(line)).not.toMatch(/'pg_catalog'|'pg\\_%'/);
        expect(() => parseSync(sqlOf(line))).not.toThrow();
      }
    },
  );

  test("types of extensions are base types, too", () => {
    expect(psqlCommand("\\dT")).toMatchObject({ sql: expect.not.stringMatching(/typtype/) });
  });

  test("what the console has a place for says which", () => {
    expect(psqlCommand("\\d orders")).toMatchObject({ shown: { in: "table" } });
    expect(psqlCommand("\\dt")).toMatchObject({ shown: { in: "tree", text: "" } });
    expect(psqlCommand("\\dv sales.ord*_old")).toMatchObject({ shown: { in: "tree", text: "sales._old" } });
    for (const line of ["\\di", "\\du", "\\l", "\\conninfo"])
      expect(psqlCommand(line)).not.toHaveProperty("shown");
  });

  test.each([
    ["\\dt ord*", ["^(ord.*)$"]],
    ["\\dt Sales.Ord?r", ["^(sales)$", "^(ord.r)$"]],
    ['\\dt "Sales"."a.b*"', ["^(Sales)$", "^(a\\.b\\*)$"]],
    ["\\d ord*", ["^(ord.*)$"]],
    ["\\dn s*", ["^(s.*)$"]],
    ["\\du app", ["^(app)$"]],
    ["\\dx public.pg*", ["^(pg.*)$"]],
    ["\\df a$b", ["^(a\\$b)$"]],
    ["\\conninfo x", []],
  ])("%s takes its pattern as psql does", async (line, values) => {
    await loadModule();
    const answer = psqlCommand(line);
    expect(answer).toMatchObject({ does: "run", values });
    expect(answer.does === "run" && parseSync(answer.sql).stmts).toHaveLength(1);
  });

  test("a setting that is asked for by name is told though nobody has set it", () => {
    const all = psqlCommand("\\dconfig");
    const one = psqlCommand("\\dconfig work_mem");
    expect(all.does === "run" && all.sql).toContain("source not in");
    expect(one.does === "run" && one.sql).not.toContain("source not in");
  });

  test.each([
    ["\\timing", false],
    ["\\x", false],
    ["\\echo done", false],
    ["\\i more.sql", true],
    ["\\c other", true],
    ["\\copy t from 'x'", true],
    ["\\set a 1", true],
    ["\\nonsense", true],
  ])("%s stops a script: %s", (line, stops) => {
    expect(psqlCommand(line)).toMatchObject({ stops });
  });

  test.each([
    "\\d",
    "\\dt",
    "\\dt+",
    "\\dtS+",
    "\\dn",
    "\\dv",
    "\\dm",
    "\\di",
    "\\ds",
    "\\dE",
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
