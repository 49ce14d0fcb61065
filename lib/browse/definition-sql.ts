import "server-only";
import { escapeIdentifier, escapeLiteral } from "pg";
import type { BrowsedColumn, BrowsedTable } from "./browsed-table.ts";
import type { DefinitionFacts, SequenceFacts } from "./definition-facts.ts";
import type { Definition } from "./detail-schema.ts";

/**
 * The statements that would make a relation again, as far as the catalogue tells: with the sequences that are its own,
 * without its rows, its owner and grants, and what other objects it needs (types, functions, its parents).
 * @param more undefined where the server does not tell: then some of it is missing
 */
export function definitionSql(
  table: BrowsedTable,
  found: Definition,
  more: DefinitionFacts | undefined,
): string {
  const name = `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.name)}`;
  const what = `${relationWords[table.kind]} ${name}`;
  const inherited = new Set(more?.inherited);
  const own = { ...found, references: found.references.filter((one) => !inherited.has(one.name)) };
  const sequences = (more?.columns ?? []).flatMap(({ name: column, sequence }) =>
    sequence === null || sequence.isIdentity ? [] : [{ column, sequence }],
  );
  const statements = [
    ...sequences.map(
      ({ sequence }) => `create sequence ${sequence.name}${typeOf(sequence)}${sequenceOptions(sequence)}`,
    ),
    creation(table, own, more, what),
    ...sequences.map(
      ({ column, sequence }) =>
        `alter sequence ${sequence.name} owned by ${name}.${escapeIdentifier(column)}`,
    ),
    ...(more?.columns ?? []).flatMap((column) => columnSettings(`alter ${what} alter column`, column)),
    ...found.indexes.filter(({ isOfKey }) => !isOfKey).map(({ definition }) => definition),
    ...(more?.statistics ?? []),
    ...attachment(name, more),
    ...rowSecurity(table, found, more, name),
    ...found.policies.map(({ definition }) => definition),
    ...found.triggers.filter((one) => !inherited.has(one.name)).map(({ definition }) => definition),
    ...(more?.rules ?? []).map((definition) => definition.replace(/;\s*$/, "")),
    ...(more?.firing ?? []).map(
      ({ kind, name: one, when }) => `alter table ${name} ${firing[when] ?? "enable"} ${kind} ${one}`,
    ),
    ...replicaIdentity(name, more),
    ...commentOn(what, table.comment),
    ...table.columns.flatMap(({ name: column, comment }) =>
      commentOn(`column ${name}.${escapeIdentifier(column)}`, comment),
    ),
    ...(more?.comments ?? []).flatMap(({ on, isPart, text }) =>
      commentOn(isPart ? `${on} on ${name}` : on, text),
    ),
  ];
  return statements.map((statement) => `${statement};`).join("\n\n");
}

const relationWords = {
  table: "table",
  partitioned: "table",
  view: "view",
  "materialized-view": "materialized view",
  "foreign-table": "foreign table",
  sequence: "sequence",
} as const;

function creation(
  { kind, columns, name: table }: BrowsedTable,
  found: Pick<
    Definition,
    "keys" | "references" | "partitionKey" | "view" | "unlogged" | "options" | "inherits" | "server"
  >,
  more: DefinitionFacts | undefined,
  what: string,
): string {
  const given = [...(found.options ?? []), ...(more?.toastOptions ?? []).map((option) => `toast.${option}`)];
  const options = given.length === 0 ? "" : `\nwith (${given.join(", ")})`;
  if (found.view !== null) return `create ${what}${options} as\n${found.view.replace(/;\s*$/, "")}`;
  const unlogged = found.unlogged ? "unlogged " : "";
  if (kind === "sequence") {
    const sequence = more?.sequence ?? undefined;
    return `create ${unlogged}${what}${sequence === undefined ? "" : typeOf(sequence) + sequenceOptions(sequence)}`;
  }
  // One with the name and the words that the server gives it by itself stands with its column.
  const notNulls = found.keys.filter(
    ({ kind, name, columns: [column = ""], definition }) =>
      kind === "not-null" &&
      !(name === `${table}_${column}_not_null` && /^NOT NULL (?:"(?:[^"]|"")*"|\S+)$/.test(definition)),
  );
  const named = new Set(notNulls.flatMap((one) => one.columns));
  const facts = new Map(more?.columns.map((column) => [column.name, column]));
  const lines = [
    // A partition gets its identity from its parent, and is refused with one of its own.
    ...columns.map((column) =>
      columnLine(
        more?.partitionOf && isIdentity(column) ? { ...column, generated: null } : column,
        facts.get(column.name),
        named.has(column.name),
      ),
    ),
    ...[...found.keys.filter(({ kind }) => kind !== "not-null"), ...notNulls, ...found.references].map(
      ({ name, definition }) => `constraint ${escapeIdentifier(name)} ${definition}`,
    ),
  ];
  const foreign = more?.foreignOptions ?? null;
  return [
    `create ${unlogged}${what} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n)`,
    found.inherits === null ? "" : `\ninherits (${found.inherits.join(", ")})`,
    found.partitionKey === null ? "" : `\npartition by ${found.partitionKey}`,
    found.server === null ? "" : `\nserver ${found.server}`,
    foreign === null ? "" : `\noptions (${foreign.join(", ")})`,
    options,
  ].join("");
}

function isIdentity({ generated }: BrowsedColumn): boolean {
  return generated === "identity-always" || generated === "identity-default";
}

type ColumnFacts = DefinitionFacts["columns"][number];

function columnLine(
  { name, fullType, notNull, default: preset, generated }: BrowsedColumn,
  more: ColumnFacts | undefined,
  isNamedNotNull: boolean,
): string {
  const counted = more?.sequence?.isIdentity === true ? sequenceOptions(more.sequence).trim() : "";
  const counting = counted === "" ? "" : ` (${counted})`;
  const made = {
    stored: ` generated always as (${preset}) stored`,
    virtual: ` generated always as (${preset}) virtual`,
    "identity-always": ` generated always as identity${counting}`,
    "identity-default": ` generated by default as identity${counting}`,
    none: preset === null ? "" : ` default ${preset}`,
  }[generated ?? "none"];
  const foreign = more?.foreignOptions ?? null;
  const options = foreign === null ? "" : ` options (${foreign.join(", ")})`;
  const collation = more?.collation ?? null;
  const collate = collation === null ? "" : ` collate ${collation}`;
  return `${escapeIdentifier(name)} ${fullType}${options}${collate}${made}${notNull && !isNamedNotNull ? " not null" : ""}`;
}

/** What a column takes after it was made: older versions know it in no other place. */
function columnSettings(
  alter: string,
  { name, storage, compression, statistics, options }: ColumnFacts,
): readonly string[] {
  const settings = [
    storage === null ? [] : [`set storage ${storage}`],
    compression === null ? [] : [`set compression ${compression}`],
    statistics === null ? [] : [`set statistics ${statistics}`],
    options === null ? [] : [`set (${options.join(", ")})`],
  ].flat();
  return settings.map((setting) => `${alter} ${escapeIdentifier(name)} ${setting}`);
}

function attachment(name: string, more: DefinitionFacts | undefined): readonly string[] {
  const part = more?.partitionOf ?? null;
  return part === null ? [] : [`alter table only ${part.parent} attach partition ${name} ${part.bound}`];
}

function rowSecurity(
  { kind }: BrowsedTable,
  { policies }: Definition,
  more: DefinitionFacts | undefined,
  name: string,
): readonly string[] {
  // It may be on without a policy, and then nobody but its owner sees a row; or off, whatever policies there are.
  const isOn = more === undefined ? kind !== "view" && policies.length > 0 : more.rowSecurity;
  return [
    ...(isOn ? [`alter table ${name} enable row level security`] : []),
    ...(more?.forced === true ? [`alter table ${name} force row level security`] : []),
  ];
}

function replicaIdentity(name: string, more: DefinitionFacts | undefined): readonly string[] {
  if (more === undefined) return [];
  const index = more.replicaIndex === null ? undefined : `using index ${more.replicaIndex}`;
  const identity = { f: "full", n: "nothing", i: index }[more.replica];
  return identity === undefined ? [] : [`alter table ${name} replica identity ${identity}`];
}

const firing: Readonly<Record<string, string>> = { D: "disable", R: "enable replica", A: "enable always" };

function typeOf({ type }: SequenceFacts): string {
  return type === "bigint" ? "" : ` as ${type}`;
}

/** What of a sequence is not as it is by itself. */
function sequenceOptions({ type, start, increment, min, max, cache, cycle }: SequenceFacts): string {
  const rises = !increment.startsWith("-");
  const [least, most] = ranges[type] ?? ["", ""];
  const usual = rises ? { min: "1", max: most } : { min: least, max: "-1" };
  return [
    increment === "1" ? "" : ` increment by ${increment}`,
    min === usual.min ? "" : ` minvalue ${min}`,
    max === usual.max ? "" : ` maxvalue ${max}`,
    start === (rises ? min : max) ? "" : ` start with ${start}`,
    cache === "1" ? "" : ` cache ${cache}`,
    cycle ? " cycle" : "",
  ].join("");
}

const ranges: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};

function commentOn(what: string, comment: string | null): readonly string[] {
  return comment === null ? [] : [`comment on ${what} is ${escapeLiteral(comment)}`];
}
