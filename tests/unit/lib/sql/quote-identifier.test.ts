import { loadModule, scanSync } from "libpg-query";
import { beforeAll, expect, test } from "vitest";
import { quoteIdentifier } from "#lib/sql/quote-identifier.ts";

beforeAll(() => loadModule());

test.each([
  ["orders", "orders"],
  ["_a1", "_a1"],
  ["Orders", '"Orders"'],
  ["a b", '"a b"'],
  ['a"b', '"a""b"'],
  ["1a", '"1a"'],
  ["a.b", '"a.b"'],
  ["é", '"é"'],
  ["a$b", '"a$b"'],
  ["", '""'],
  ["user", '"user"'],
  ["order", '"order"'],
  ["int", '"int"'],
  ["name", "name"],
  ["value", "value"],
  ["constructor", "constructor"],
])("%j stands as %s", (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted);
});

test("whatever the server's scanner takes for more than an unreserved keyword is quoted, and nothing else", () => {
  // Every word of the grammar that anybody would try: those of the list, and as many that are not in it.
  const words =
    `abort access action add admin after aggregate all also alter always analyze and any array as asc at
    authorization begin between bigint bit boolean both by cache call cascade case cast char check close cluster
    coalesce collate collation column comment commit concurrently constraint copy create cross cube current_user cursor
    cycle data database day deallocate dec decimal declare default deferrable delete desc distinct do domain drop each
    else end enum escape except exclude execute exists explain extract false fetch filter float for force foreign freeze
    from full function generated global grant greatest group grouping groups having hold hour ilike in index inner inout
    insert int integer intersect interval into is isnull join json key language last lateral leading least left level
    like limit listen load local lock logged match merge minute mode month move name national natural nchar new no none
    normalize not notnull null nullif numeric object of offset old on only operator or order out outer over overlaps
    overlay owner partition password placing plans policy position precision prepare primary prior procedure quote range
    read real references refresh release rename replace reset restrict return returning returns revoke right role rollback
    row rows rule schema scroll search second select sequence session session_user set setof share show similar simple
    skip smallint some sql stable start statistics stdin storage strict substring symmetric system_user table tables
    tablesample temp text then time timestamp to trailing transaction treat trigger trim true truncate type union unique
    unlogged until update user using vacuum valid value values varchar variadic verbose version view views volatile when
    where window with within work xml xmltable year yes zone`.split(/\s+/);
  const wrong = words.filter((word) => {
    const kind = scanSync(word).tokens[0]?.keywordName ?? "";
    return /RESERVED|COL_NAME|TYPE_FUNC/.test(kind) && kind !== "UNRESERVED_KEYWORD"
      ? quoteIdentifier(word) === word
      : quoteIdentifier(word) !== word;
  });
  expect(wrong).toEqual([]);
});
