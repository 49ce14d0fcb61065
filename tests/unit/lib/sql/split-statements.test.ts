import fc from "fast-check";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { beforeAll, describe, expect, test } from "vitest";
import { splitStatements } from "#lib/sql/split-statements.ts";
import { tokens } from "#lib/sql/tokens.ts";

beforeAll(() => loadModule());

/** What is sent, without the comments before it. */
const pieces = (text: string, standardConformingStrings = true) =>
  splitStatements(text, { standardConformingStrings })
    .filter(({ kind }) => kind === "statement")
    .map(({ start, end }) => text.slice(start, end));

/** The same by PostgreSQL's own parser, whose places are of bytes. */
function parsed(text: string): readonly string[] {
  if (text.trim() === "") return [];
  const bytes = Buffer.from(text, "utf8");
  return (parseSync(text).stmts ?? []).map(({ stmt_location = 0, stmt_len }) => {
    const end = stmt_len === undefined || stmt_len === 0 ? bytes.length : stmt_location + stmt_len;
    return withoutEdges(bytes.subarray(stmt_location, end).toString("utf8"));
  });
}

/** Without white space and comments at the ends: by the server's own scanner, not by ours. */
function withoutEdges(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  const said = scanSync(text).tokens.filter(({ tokenName }) => !/COMMENT|^ASCII_59$/.test(tokenName));
  return bytes.subarray(said[0]?.start ?? 0, said.at(-1)?.end ?? 0).toString("utf8");
}

describe("a script is taken apart as PostgreSQL's own parser does", () => {
  test.each([
    ["quotes", "select ';'; select 'it''s; so'"],
    ["names in quotes", 'select 1 as ";"; select 1 as "a"";b"'],
    ["escapes in E''", "select E'\\';'; select e'\\\\'; select 3"],
    ["no escapes in plain quotes", "select '\\'; select '\\';"],
    ["U& texts and names", "select U&'d\\0061t;' ; select 1 as U&\"d;\" ; select U&'a!0061;' uescape '!'"],
    ["bits", "select B'01'; select X'1f'; select N'a;b'"],
    ["a text that goes on in another line", "select E'a'\n  '\\';b'; select 2"],
    ["no text that goes on in the same line", "select 'a' as b; select ''';' as c"],
    ["dollar quotes", "do $$ begin perform 1; end $$; select $a$ $$ ; $$ $a$; select $_1$;$_1$"],
    ["a tag with letters beyond ASCII", "select $ä$ ; $ä$; select 2"],
    ["a dollar in a name", "select 1 as a$b; select 2 as c$$; select 3 as d$$; select $$;$$"],
    ["parameters", "select $1; select $2::int; select $10 + $1"],
    ["nested comments", "select /* ; /* ; */ ; */ 1; -- ; select\nselect 2 /**/; /* ; */"],
    ["a comment in an operator", "select 1 +-- ;\n 2; select 3 */* ; */ 4"],
    ["comments only", "-- nothing;\n/* ; */ ; ;; "],
    ["parentheses", "create rule r as on insert to t do also (insert into u values (1); select 2); select 3"],
    [
      "the body of a function in SQL",
      "create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3",
    ],
    [
      "CASE in CASE in it",
      "create or replace procedure p() begin atomic insert into t select case when case when a then b end then 1 end; end; select 3",
    ],
    [
      "END as a name in it",
      "create function f() returns int begin atomic select t.end from t; select 1 as end; end; select 3",
    ],
    ["a function named begin", "create function begin() returns int language sql as 'select 1'; select 2"],
    ["BEGIN of a transaction", "begin; select 1; end; begin isolation level serializable; commit"],
    ["CASE outside of a function", "select case when true then 1 end; select 2"],
    ["an argument named atomic", "create function f(atomic int) returns int return atomic; select 2"],
    ["numbers with letters and dots", "select 1e5, .5, 0x1f, 1_000, 1.; select 1.5e-3"],
    ["brackets and casts", "select (array[1,2])[1:2]::int[]; select a.b->>'c;' from a"],
    ["an array within parentheses", "select (select array[(1)]); select ';'"],
    ["line breaks of every kind", "select 1;\rselect 2;\r\nselect 3 -- a;\rselect;"],
    ["no-break space as a part of a name", "select 1 as a\u00a0b; select 2"],
    ["signs beyond the first plane", "select '😀;' as \"😀;\"; select 2"],
    ["nothing", ""],
  ])("%s", (_, text) => {
    expect(pieces(text)).toEqual(parsed(text));
  });

  test("texts made at random", () => {
    fc.assert(
      fc.property(script, (text) => {
        expect(pieces(text)).toEqual(parsed(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("every sign", () => {
  const signs = fc.string({
    unit: fc.constantFrom(
      ..."'\"$\\;()-/*\n aeEuU&1.é_:",
      "$$",
      "$a$",
      "/*",
      "*/",
      "--",
      "E'",
      "begin atomic ",
      "end ",
    ),
    maxLength: 60,
  });

  test("but white space stands in exactly one token, whatever the text", () => {
    fc.assert(
      fc.property(signs, fc.boolean(), (text, standardConformingStrings) => {
        let at = 0;
        for (const { start, end } of tokens(text, { standardConformingStrings })) {
          expect(text.slice(at, start)).toMatch(/^[ \t\n\v\f\r]*$/);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(text.slice(at)).toMatch(/^[ \t\n\v\f\r]*$/);
      }),
    );
  });

  test("is in one span, or between two", () => {
    fc.assert(
      fc.property(signs, (text) => {
        let at = 0;
        for (const { from, start, end, until } of splitStatements(text)) {
          expect([at <= from, from <= start, start < end, end <= until]).toEqual([true, true, true, true]);
          at = until;
        }
        expect(at).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe("what psql takes apart, and the parser does not", () => {
  // The oracle's scanner takes comments for tokens there; the server and psql do not.
  test("a text that goes on past comments", () => {
    expect(pieces("select E'a' -- ;\n -- '\n '\\';b;c'; select 2")).toEqual([
      "select E'a' -- ;\n -- '\n '\\';b;c'",
      "select 2",
    ]);
  });

  test("backslashes escape in plain quotes where the session says so", () => {
    expect(pieces("select '\\';'; select 2", false)).toEqual(["select '\\';'", "select 2"]);
    expect(pieces("select N'\\';'; select U&'\\'; select 3", false)).toEqual([
      "select N'\\';'",
      "select U&'\\'",
      "select 3",
    ]);
  });

  test.each([
    ["a quote", "select 1; select ';"],
    ["a name", 'select 1; select ";'],
    ["a dollar quote", "select 1; select $a$ ; $b$"],
    ["a comment", "select 1; select 2 /* ; "],
    ["a comment in a comment", "select 1; select 2 /* /* */ ; "],
  ])("%s that does not end goes to the end, and is told", (_, text) => {
    const spans = splitStatements(text);
    expect(spans.map(({ open }) => open)).toEqual([false, true]);
    expect(spans.at(-1)?.until).toBe(text.length);
  });

  test("commands are pieces of their own", () => {
    const text = "\\d orders\nselect 1;\n  \\x\n\\timing \\\\ select 2\n-- \\dt\nselect '\\d'";
    expect(splitStatements(text).map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ["command", "\\d orders"],
      ["statement", "select 1"],
      ["command", "\\x"],
      ["command", "\\timing \\\\ select 2"],
      ["statement", "select '\\d'"],
    ]);
  });

  test("a command that sends ends the statement before it", () => {
    expect(pieces("select 1 \\g\nselect 2 \\gx out.txt\nselect 3 \\watch 2\nselect 4\\;select 5;")).toEqual([
      "select 1",
      "select 2",
      "select 3",
      "select 4",
      "select 5",
    ]);
    expect(splitStatements("\\g").map(({ kind }) => kind)).toEqual(["command"]);
  });

  test("any other command in the midst of a statement leaves it whole: half of it could mean more", () => {
    expect(pieces("delete from t\n\\echo now\nwhere id = 1; select 2")).toEqual([
      "delete from t\n\\echo now\nwhere id = 1",
      "select 2",
    ]);
  });

  test("the data of a script of pg_dump is no SQL", () => {
    const text = "copy t (a) from stdin;\n1\tdrop table t;\n2\t'\n\\.\n\nselect 2; copy u from stdin";
    expect(pieces(text)).toEqual(["copy t (a) from stdin", "select 2", "copy u from stdin"]);
  });

  test("but without an end of the data there is none", () => {
    expect(pieces("copy t from stdin; select 2")).toEqual(["copy t from stdin", "select 2"]);
  });

  test("comments before a statement go with it, as hints do", () => {
    const text = "select 1; /*+ SeqScan(t) */ select 2";
    expect(splitStatements(text).map(({ from, end }) => text.slice(from, end))).toEqual([
      "select 1",
      "/*+ SeqScan(t) */ select 2",
    ]);
  });
});

describe("a megabyte", () => {
  const many = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));
  test.each([
    ["plain statements", many("select a, 'b', $$c$$ from t where x = 1; -- comment\n")],
    ["one text", `select '${many("it''s ")}'`],
    ["texts with comments between", many("select 'a' -- b\n -- c\n;")],
    ["tags that do not end", many("select $a$ $b$ ")],
    ["dollars", many("$")],
    ["comments in comments", many("/* ")],
    ["COPY without data", many("copy t from stdin;\n")],
    ["parentheses", many("(")],
    ["backslashes", many("\\d\n")],
    ["numbers", many("1")],
    ["quotes", many("''")],
    ["quotes in lines", many("''\n")],
  ])("of %s is taken apart in time", (_, text) => {
    splitStatements(text.slice(0, 10_000));
    const begun = performance.now();
    splitStatements(text);
    // Some 100 ms: what is not linear takes minutes.
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

const blank = fc.constantFrom(" ", "\n", "\t", " -- ; '\n", " /* ; /* ' */ $$ */ ", "\r\n ");
const inText = fc
  .array(fc.constantFrom(";", "''", "a", "$$", "--", "/*", '"', "\n", "é", "😀", "(", "begin atomic"), {
    maxLength: 5,
  })
  .map((parts) => parts.join(""));
const expression = fc.oneof(
  inText.map((text) => `'${text}'`),
  inText.map((text) => `E'${text}\\';\\\\'`),
  inText.map((text) => `U&'${text}'`),
  fc
    .tuple(fc.constantFrom("", "a", "é", "_1"), inText)
    .map(([tag, text]) => `$${tag}$${text.replaceAll("$", "")}$${tag}$`),
  fc.tuple(inText, inText).map(([a, b]) => `E'${a}'\n'${b}\\';'`),
  fc.constantFrom(
    "1",
    ".5",
    "1e5",
    "$1",
    "a$b",
    "t.end",
    "(1)",
    "case when true then 1 end",
    "array[(1)]",
    "1 +-- ;\n 2",
  ),
);
const alias = inText.filter((text) => text !== "").map((text) => ` as "${text.replaceAll('"', "")}x"`);
const select = fc
  .tuple(
    fc.array(fc.tuple(blank, expression, fc.option(alias, { nil: "" })), { minLength: 1, maxLength: 4 }),
    blank,
  )
  .map(([columns, end]) => `select${columns.map((column) => column.join("")).join(",")}${end}`);
const body = fc
  .array(select, { minLength: 1, maxLength: 3 })
  .map(
    (list) => `create function f() returns int begin atomic ${list.map((one) => `${one};`).join(" ")} end`,
  );
const rule = fc
  .array(select, { minLength: 1, maxLength: 3 })
  .map((list) => `create rule r as on insert to t do also (${list.join(";")})`);
const script = fc
  .array(fc.tuple(blank, fc.oneof({ weight: 4, arbitrary: select }, body, rule, fc.constant(""))), {
    maxLength: 6,
  })
  .map((list) => list.map((one) => one.join("")).join(";"));
