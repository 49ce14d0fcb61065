import { afterAll, beforeAll, expect, test } from "vitest";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { psqlCommand } from "#lib/sql/psql-command.ts";

/** What the console asks for a command of psql finds what psql finds, on a real server. */
let server: SampleServer;

beforeAll(async () => {
  server = await startPostgres({
    fill: {
      postgres: `
        create schema s; create schema "t ""q""";
        create type s.mood as enum ('sad'); create domain s.whole as int;
        create table s.one (a int, b text); create view s.two as select 1 as c; create sequence s.three;
        create table "t ""q"""."Odd ""x"" name" (d int);
        create function s.sum(a int) returns int language sql as 'select a';
        create function s.sum(a text) returns text language sql as 'select a';`,
    },
  });
});
afterAll(() => server?.stop());

async function found(line: string): Promise<readonly Record<string, unknown>[]> {
  const answer = psqlCommand(line);
  if (answer.does !== "run") throw new Error(`${line} is not asked`);
  return server.admin(answer.sql, answer.values);
}
const namesOf = (rows: readonly Record<string, unknown>[], column = "name") => rows.map((row) => row[column]);

test.each([
  ["\\dT s.mood", ["s.mood"]],
  ["\\dT s.*", ["s.mood", "s.whole"]],
  ["\\dT int4", ["integer"]],
  ["\\dT integer", ["integer"]],
  ['\\dt s.* "t ""q""".*', ["one", 'Odd "x" name']],
  ["\\dtv s.*", ["one", "two"]],
  ["\\dtvs s.*", ["one", "three", "two"]],
  ["\\df s.sum integer", ["sum", "sum"]],
  ["\\dt", ["one", 'Odd "x" name']],
  ['\\dt "Odd ""x"" name"', ['Odd "x" name']],
])("%s", async (line, names) => {
  expect(namesOf(await found(line))).toEqual(names);
});

test("\\d tells the columns of every relation that it is given, in that order", async () => {
  const rows = await found('\\d s.two "t ""q"""."Odd ""x"" name" s.one');
  expect(namesOf(rows, "column")).toEqual(["c", "d", "a", "b"]);
});
