import "server-only";
import type { ClientBase, FieldDef } from "pg";
import { builtinType } from "./builtin-types.ts";
import type { Column } from "./run-events.ts";

/** The names of types that a client has already asked for, by OID and modifier. Lives as long as the client. */
export type TypeNames = Map<string, { readonly name: string; readonly numeric: boolean }>;

/**
 * Describes the columns of a result with what is known without asking.
 * @returns the columns, and whether some of their types are known only to the server
 */
export function describeColumns(
  fields: readonly FieldDef[],
  known: TypeNames,
): { readonly columns: readonly Column[]; readonly complete: boolean } {
  const found = fields.map((field) => ({ field, type: typeOf(field, known) }));
  return {
    columns: found.map(({ field, type }) => ({
      name: field.name,
      type: type?.name ?? `oid ${field.dataTypeID}`,
      oid: field.dataTypeID,
      modifier: field.dataTypeModifier,
      numeric: type?.numeric ?? false,
      ...(field.tableID > 0 && field.columnID > 0
        ? { from: { table: field.tableID, column: field.columnID } }
        : {}),
    })),
    complete: found.every(({ type }) => type !== undefined),
  };
}

/**
 * Asks the server for the types that are not known yet, in one query, and remembers them.
 * A row description never names a domain: the server sends the type beneath it (SendRowDescription).
 * Throws what the driver throws; the caller goes on without names.
 */
export async function learnTypes(
  client: ClientBase,
  fields: readonly FieldDef[],
  known: TypeNames,
): Promise<void> {
  const unknown = fields.filter((field) => typeOf(field, known) === undefined);
  if (unknown.length === 0) return;
  const answer = await client.query<[string, string, string, string]>({
    text: `select w.oid::pg_catalog.text, w.modifier::pg_catalog.text,
                  pg_catalog.format_type(w.oid, w.modifier), t.typcategory::pg_catalog.text
             from rows from (pg_catalog.unnest($1::pg_catalog.oid[]), pg_catalog.unnest($2::pg_catalog.int4[]))
                  as w(oid, modifier)
             join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) w.oid`,
    values: [unknown.map((field) => field.dataTypeID), unknown.map((field) => field.dataTypeModifier)],
    rowMode: "array",
  });
  for (const [oid, modifier, name, category] of answer.rows) {
    known.set(`${oid}:${modifier}`, { name, numeric: category === "N" });
  }
}

function typeOf(field: FieldDef, known: TypeNames) {
  return (
    builtinType(field.dataTypeID, field.dataTypeModifier) ??
    known.get(`${field.dataTypeID}:${field.dataTypeModifier}`)
  );
}
