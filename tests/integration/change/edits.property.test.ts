import fc from "fast-check";
import pg, { escapeIdentifier } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Value } from "#lib/browse/shapes.ts";
import { changeOrder } from "#lib/change/change-order.ts";
import type { ChangeAnswer, Conflict, Editable, RowChange } from "#lib/change/shapes.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { Changing, deleteAt, insertOf, type OpenPage, updateAt } from "#tests/support/changing.ts";
import { hasSystemPostgres, startSystemPostgres } from "#tests/support/system-postgres.ts";

/** Rounds of reading a page, another's changes, and one's own: what is stored is what a model says, whatever happened. */
const rounds = Number(process.env.CLOAK_DB_ROUNDS ?? 40);
const roundsPerTable = 10;

let server: Pick<SampleServer, "port" | "admin" | "stop">;
let changing: Changing;
let other: pg.Client;

const fill = `
  create type mood as enum ('sad', 'ok', 'happy');
  create domain small as int check (value < 100);
  create domain short as varchar(3);
  create type pair as (a int, b text);`;

/** Values as the server writes them, so that what is typed is what is stored. */
const types: Readonly<Record<string, readonly string[]>> = {
  'text collate "C"': ["", " ", "a", 'O\'Hara \\ "x"', "é漢😀"],
  "varchar(3)": ["", "abc", "é"],
  "character(4)": ["a   ", "bcde"],
  "numeric(30,10)": ["0.0000000001", "12345678901234567890.0000000000", "NaN"],
  numeric: ["1.10", "9007199254740993.5"],
  bigint: ["9007199254740993", "-9223372036854775808"],
  "double precision": ["0.1", "0.30000000000000004", "NaN", "-0"],
  real: ["0.1", "1e-45"],
  boolean: ["t", "f"],
  mood: ["sad", "happy"],
  small: ["1", "99"],
  short: ["abc", ""],
  date: ["2026-01-01", "infinity", "0044-03-15 BC"],
  timestamp: ["2026-01-01 00:00:00.000001", "-infinity"],
  timestamptz: ["2026-01-01 00:00:00.000001+00", "1900-01-01 00:00:00+00"],
  interval: ["1 mon", "30 days", "-00:00:00.000001"],
  "integer[]": ["{}", "{1,NULL,3}", "{{1,2},{3,4}}"],
  "text[]": ['{"a,b",NULL,"NULL"}', "{}"],
  int4range: ["empty", "[1,3)", "(,)"],
  json: ['{"b":1,  "a":1}', "null"],
  jsonb: ['{"a": 1, "b": [1, 2]}', "null"],
  xml: ["<a>1</a>", "x"],
  bytea: ["\\x", "\\x00ff"],
  pair: ['(1,"a b")', "(,)"],
  inet: ["10.0.0.1/8", "::1"],
  uuid: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  "bit(3)": ["101"],
};
const typeNames = Object.keys(types);
const columnNames = ['q"uote', "a.b", "UPPER", "漢字", "x".repeat(63), "select", " $1"];

/** What keys look like, as text of the n-th one. */
const keyKinds = {
  int: { type: "int", text: (n: number) => String(n) },
  text: { type: 'text collate "C"', text: (n: number) => `k'${n} "\\` },
  bytea: { type: "bytea", text: (n: number) => `\\x${n.toString(16).padStart(4, "0")}` },
  timestamptz: {
    type: "timestamptz",
    text: (n: number) =>
      `2026-01-01 00:00:00.${String(n + 1)
        .padStart(6, "0")
        .replace(/0+$/, "")}+00`,
  },
  bigint: { type: "bigint", text: (n: number) => String(9007199254740993n + BigInt(n)) },
} as const;

const tableKinds = ["plain", "unique", "parted", "none", "none-parted", "view"] as const;

const cellsGiven = fc.array(fc.record({ column: fc.nat({ max: 20 }), pick: fc.nat({ max: 6 }) }), {
  minLength: 1,
  maxLength: 3,
});
const rowGiven = fc.record({ key: fc.nat({ max: 40 }), cells: cellsGiven });
const round = fc.record({
  /** What the other client does between the page and the change. */
  others: fc.array(
    fc.record({
      what: fc.constantFrom("update", "touch", "delete", "rekey", "insert"),
      row: fc.nat(),
      given: rowGiven,
    }),
    { maxLength: 3 },
  ),
  /** Its transaction is still open when the change begins, and is then committed, or rolled back. */
  ending: fc.constantFrom("before", "before", "commit", "rollback"),
  mine: fc.array(
    fc.record({
      what: fc.constantFrom("update", "update", "delete", "rekey", "insert"),
      row: fc.nat(),
      given: rowGiven,
    }),
    { minLength: 1, maxLength: 6 },
  ),
  vacuum: fc.constantFrom("no", "no", "no", "no", "no", "no", "no", "plain", "full"),
});

const given = fc.record({
  kind: fc.constantFrom(...tableKinds),
  key: fc.constantFrom(...(Object.keys(keyKinds) as (keyof typeof keyKinds)[])),
  columns: fc.array(fc.constantFrom(...typeNames), { minLength: 1, maxLength: 6 }),
  rows: fc.array(rowGiven, { maxLength: 12 }),
  rounds: fc.array(round, { minLength: roundsPerTable, maxLength: roundsPerTable }),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;
type Round = Given["rounds"][number];
type Cells = Readonly<Record<string, Value | { readonly default: true }>>;

/** A row as it is on the server: where it lies, and its values by column. */
interface Stored {
  readonly place: string;
  readonly values: Readonly<Record<string, Value>>;
}

class Table {
  static made = 0;
  readonly given: Given;
  readonly name: string;
  /** Where the other client changes it. */
  readonly base: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly isKeyed: boolean;
  readonly hasIdentity: boolean;
  /** Once it was asked. */
  editable: Editable | undefined;

  constructor(asked: Given) {
    this.given = asked;
    Table.made += 1;
    this.base = `t "${Table.made}".x`;
    this.name = asked.kind === "view" ? `v ${Table.made}` : this.base;
    this.isKeyed = !asked.kind.startsWith("none");
    this.hasIdentity = asked.kind !== "view";
    this.columns = asked.columns.map((type, index) => ({ name: columnNames[index] ?? `c${index}`, type }));
  }

  sql(): string {
    const { kind, key } = this.given;
    const base = escapeIdentifier(this.base);
    const keyed = {
      plain: "primary key",
      view: "primary key",
      parted: "primary key",
      unique: "not null unique",
    };
    const constraint = kind in keyed ? keyed[kind as keyof typeof keyed] : "";
    const columns = [
      ...this.columns.map(({ name, type }) => `${escapeIdentifier(name)} ${type}`),
      `k ${keyKinds[key].type} ${constraint}`,
      "n int default 42",
      "g int generated always as (n + 1) stored",
      ...(this.hasIdentity ? ["i int generated by default as identity"] : []),
    ];
    const isParted = kind === "parted" || kind === "none-parted";
    const parts = [0, 1].map(
      (part) =>
        `create table ${escapeIdentifier(`${this.base} ${part}`)} partition of ${base} for values with (modulus 2, remainder ${part});`,
    );
    return `create table ${base} (${columns.join(", ")})${isParted ? " partition by hash (k)" : ""};
      ${isParted ? parts.join("") : ""} grant all on ${base} to app;
      ${kind === "view" ? `create view ${escapeIdentifier(this.name)} as select * from ${base}; grant all on ${escapeIdentifier(this.name)} to app;` : ""}`;
  }

  /** Random values, by column; of an update only some. */
  cells({ key, cells }: Given["rows"][number], withKey: boolean): Cells {
    const picked = cells.map(({ column, pick }): [string, Cells[string]] => {
      const at = column % (this.columns.length + 1);
      const found = this.columns[at];
      if (found === undefined)
        return ["n", pick % 3 === 0 ? { default: true } : pick % 3 === 1 ? null : String(pick)];
      const values = types[found.type] ?? [];
      return [found.name, values[pick] ?? null];
    });
    const own = withKey ? { k: keyKinds[this.given.key].text(key) } : {};
    return { ...Object.fromEntries(picked), ...own };
  }

  /** What the values are once they are stored. */
  store(before: Readonly<Record<string, Value>> | undefined, cells: Cells): Readonly<Record<string, Value>> {
    const start = before ?? {
      ...Object.fromEntries(this.columns.map(({ name }) => [name, null])),
      k: null,
      n: "42",
    };
    const values: Record<string, Value> = { ...start };
    // An update through a view takes the view's own default, which it has none of.
    const isOfView = this.given.kind === "view" && before !== undefined;
    for (const [name, cell] of Object.entries(cells))
      values[name] = cell === null || typeof cell !== "object" ? cell : isOfView ? null : "42";
    values.g = values.n == null ? null : String(Number(values.n) + 1);
    return values;
  }

  async rows(): Promise<readonly Stored[]> {
    const names = [...this.columns.map(({ name }) => name), "k", "n", "g"];
    const found = await other.query({
      text: `select tableoid, ctid, ${names.map((name) => escapeIdentifier(name)).join(", ")} from ${escapeIdentifier(this.base)}`,
      rowMode: "array",
      types: { getTypeParser: () => (text: string) => text },
    });
    return found.rows.map((row: unknown[]) => ({
      place: `${row[0]} ${row[1]}`,
      values: Object.fromEntries(names.map((name, at) => [name, (row[at + 2] ?? null) as Value])),
    }));
  }
}

async function byOther(text: string, values: readonly (string | null)[] = []): Promise<void> {
  await other.query({ text, values: [...values] });
}

/** One change of the other client, of the row that lies there now. @returns where it did so */
async function otherChanges(
  table: Table,
  rows: readonly Stored[],
  one: Round["others"][number],
): Promise<Stored | undefined> {
  const base = escapeIdentifier(table.base);
  const row = rows[one.row % Math.max(1, rows.length)];
  const cells = Object.entries(table.cells(one.given, one.what === "rekey" || one.what === "insert"));
  const values = cells.flatMap(([, cell]) => (cell !== null && typeof cell === "object" ? [] : [cell]));
  const isDefault = (cell: Cells[string]) => cell !== null && typeof cell === "object";
  const numbered = cells.filter(([, cell]) => !isDefault(cell)).map(([name]) => name);
  const written = cells.map(([name, cell]) =>
    isDefault(cell) ? "default" : `$${numbered.indexOf(name) + 1}`,
  );
  const names = cells.map(([name]) => escapeIdentifier(name));
  await byOther("savepoint one");
  try {
    if (one.what === "insert") {
      await byOther(`insert into ${base} (${names.join(", ")}) values (${written.join(", ")})`, values);
      return undefined;
    }
    if (row === undefined) return undefined;
    const [oid = "", ctid = ""] = row.place.split(" ");
    const where = `where tableoid = ${oid} and ctid = '${ctid}'`;
    if (one.what === "delete") await byOther(`delete from ${base} ${where}`);
    else if (one.what === "touch") await byOther(`update ${base} set n = n ${where}`);
    else
      await byOther(
        `update ${base} set ${names.map((name, index) => `${name} = ${written[index]}`).join(", ")} ${where}`,
        values,
      );
    return row;
  } catch (error) {
    // A key that there is already: it was not done.
    if ((error as pg.DatabaseError).code !== "23505") throw error;
    await byOther("rollback to one");
    return undefined;
  }
}

const sorted = (rows: readonly Readonly<Record<string, Value>>[]) =>
  rows.map((values) => JSON.stringify(values)).sort();
const isSame = (one: object, two: object) => JSON.stringify(one) === JSON.stringify(two);

/** What was met, so that a run that met nothing does not pass for one that found nothing. */
type Met = Record<ChangeAnswer["outcome"] | Conflict["why"], number>;

async function play(table: Table, asked: Round, met: Partial<Met>): Promise<void> {
  const note = (what: keyof Met) => {
    met[what] = (met[what] ?? 0) + 1;
  };
  const page = await changing.open(table.name, {
    timeZone: "UTC",
    ...(table.editable === undefined ? {} : { known: table.editable }),
    ...(table.given.kind === "view" ? { named: ["k"] } : {}),
  });
  table.editable = page.editable;
  const shown = shownRows(table, page);
  const before = await table.rows();
  expect(sorted(shown.map(({ values }) => values))).toEqual(sorted(before.map(({ values }) => values)));

  // Somebody else changes some of it.
  await byOther("begin");
  const touched = new Set<string>();
  for (const one of asked.others) {
    const now = (await table.rows()).filter(({ place }) => before.some((known) => known.place === place));
    const row = await otherChanges(table, now, one);
    if (row !== undefined) touched.add(row.place);
  }
  const isOpen = asked.ending !== "before";
  if (!isOpen) await byOther("commit");
  const isVacuumed = !isOpen && asked.vacuum !== "no";
  if (isVacuumed)
    await byOther(`vacuum ${asked.vacuum === "full" ? "full " : ""}${escapeIdentifier(table.base)}`);
  // As it is for everybody when the change is done, or will be.
  const start = asked.ending === "rollback" ? before : await table.rows();

  // What the person wants, of the rows that they were shown.
  const used = new Set<number>();
  const changes: RowChange[] = [];
  const about: (number | undefined)[] = [];
  for (const one of asked.mine) {
    if (one.what === "insert") {
      changes.push(insertOf(table.cells(one.given, true)));
      about.push(undefined);
      continue;
    }
    const row = one.row % Math.max(1, shown.length);
    if (shown.length === 0 || used.has(row)) continue;
    used.add(row);
    changes.push(
      one.what === "delete"
        ? deleteAt(page, row)
        : updateAt(page, row, table.cells(one.given, one.what === "rekey")),
    );
    about.push(row);
  }
  if (changes.length === 0) {
    if (isOpen) await byOther(asked.ending);
    return;
  }
  const applying = changing.apply(page, changes, { timeZone: "UTC" });
  if (isOpen) await byOther(asked.ending);
  const answer = await applying;
  const after = await table.rows();
  note(answer.outcome);

  // Which of them are not as they were seen. Where rows were moved, one without a key is found if a row like it lies there.
  const isMoved = !table.isKeyed && isVacuumed && asked.vacuum === "full";
  const stale = about.flatMap((row, index) => {
    const seen = row === undefined ? undefined : shown[row];
    if (seen === undefined || asked.ending === "rollback") return [];
    if (table.given.kind !== "view" && !isMoved) return touched.has(seen.place) ? [index] : [];
    const there = start.find(({ values, place }) =>
      isMoved ? place === seen.place : values.k === seen.values.k,
    );
    return there !== undefined && isSame(there.values, seen.values) ? [] : [index];
  });
  if (answer.outcome === "conflict") {
    const told = answer.conflicts.map(({ change }) => change).sort((one, two) => one - two);
    // Of rows that were moved the version tells more: the same values may have been written anew.
    if (isMoved) expect(told).toEqual(expect.arrayContaining(stale));
    else expect(told).toEqual(stale);
    for (const { change, why, now } of answer.conflicts) {
      note(why);
      const seen = shown[about[change] ?? -1];
      const stands = start.find(({ values }) => values.k === seen?.values.k);
      expect(why).toBe(!table.isKeyed ? "moved" : stands === undefined ? "gone" : "changed");
      if (why === "changed") expect(valuesOf(page, now?.values ?? [])).toEqual(stands?.values);
    }
  } else expect(stale).toEqual([]);
  const expected =
    answer.outcome === "conflict" ? undefined : modelled(table, page, shown, start, changes, about);
  if (answer.outcome !== "applied") {
    // Nothing at all was done.
    expect(after).toEqual(start);
    expect(expected).toBeUndefined();
    if (answer.outcome === "refused") expect(answer.error.sqlstate).toBe("23505");
    else expect(answer.outcome).toBe("conflict");
    return;
  }
  expect(sorted(after.map(({ values }) => values))).toEqual(sorted(expected ?? []));
  for (const { change, row, differs } of answer.stored) {
    // To a view nobody says that a column of its table is worked out.
    expect(differs.filter(({ column }) => table.given.kind !== "view" || column !== "g")).toEqual([]);
    if (row === null) expect(changes[change]?.kind).toBe("delete");
    else expect(sorted(expected ?? [])).toContain(JSON.stringify(valuesOf(page, row.values)));
  }
}

/** The rows of a page, with the model's names, and where they lie: of a view's by their key. */
function shownRows(table: Table, page: OpenPage): readonly Stored[] {
  return page.page.rows.map((row, index) => {
    const place = page.page.identities[index]?.place;
    const values = valuesOf(page, row);
    return { place: place == null ? `${table.name} ${values.k}` : `${place.tableoid} ${place.ctid}`, values };
  });
}

function valuesOf({ page }: OpenPage, row: readonly Value[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    page.columns.flatMap(({ name }, at) => (name === "i" ? [] : [[name, row[at] ?? null] as const])),
  );
}

/** What there should be; undefined where two rows would have the same key at some moment. */
function modelled(
  table: Table,
  page: { readonly key: readonly string[] | null },
  shown: readonly Stored[],
  start: readonly Stored[],
  changes: readonly RowChange[],
  about: readonly (number | undefined)[],
): readonly Readonly<Record<string, Value>>[] | undefined {
  const rows = [...start];
  for (const index of changeOrder({ key: page.key, changes })) {
    const change = changes[index];
    const seen = shown[about[index] ?? -1];
    const at = rows.findIndex(({ place, values }) =>
      table.given.kind === "view" || table.isKeyed ? values.k === seen?.values.k : place === seen?.place,
    );
    if (change === undefined) continue;
    if (change.kind === "delete") {
      rows.splice(at, 1);
      continue;
    }
    const cells = Object.fromEntries(change.cells.map(({ column, value }) => [column, value]));
    const place = `new ${index}`;
    const values = table.store(change.kind === "insert" ? undefined : rows[at]?.values, cells);
    if (change.kind === "update") rows.splice(at, 1);
    if (table.isKeyed && rows.some((row) => row.values.k === values.k)) return undefined;
    rows.push({ place, values });
  }
  return rows.map(({ values }) => values);
}

describe.each([18, 15])("PostgreSQL %s", (version) => {
  const isHere = version === 18 || hasSystemPostgres(version);

  beforeEach(async () => {
    server =
      version === 18
        ? await startPostgres({ users: [{ name: "app", password: "secret" }], fill: { postgres: fill } })
        : await startSystemPostgres(version, fill);
    changing = new Changing({ port: server.port });
    const [url] = await server.admin("select current_setting('unix_socket_directories') as socket");
    const socket = String(url?.socket).split(",")[0] ?? "";
    other = new pg.Client({ host: socket, port: server.port, user: "postgres", database: "postgres" });
    await other.connect();
    await other.query("set timezone = 'UTC'; set extra_float_digits = 1");
  });
  afterEach(async () => {
    await other?.end();
    changing?.close();
    await server?.stop();
  });

  const runs = Math.ceil(rounds / roundsPerTable);
  test.runIf(isHere)(
    `${runs * roundsPerTable} rounds against a second client: what is stored is what the model says`,
    async () => {
      const met: Partial<Met> = {};
      let played = 0;
      await fc.assert(
        fc.asyncProperty(given, async (asked) => {
          const table = new Table(asked);
          await other.query("rollback");
          await other.query(table.sql());
          await other.query("begin");
          for (const row of asked.rows) await otherChanges(table, [], { what: "insert", row: 0, given: row });
          await other.query("commit");
          for (const one of asked.rounds) {
            await play(table, one, met);
            played += 1;
          }
          await other.query(`drop table ${escapeIdentifier(table.base)} cascade`);
        }),
        { numRuns: runs, endOnFailure: true },
      );
      if (rounds > 100) process.stderr.write(`${version}: ${played} rounds, ${JSON.stringify(met)}\n`);
      expect(met.applied).toBeGreaterThan(0);
      expect(met.conflict).toBeGreaterThan(0);
    },
    60_000 + runs * 10_000,
  );
});
