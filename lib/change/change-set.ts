import { z } from "zod";
import { randomIdForm } from "#lib/random-id.ts";
import type { ChangeSet, EditableAsk, LookUpAsk } from "./shapes.ts";

/** Changes of one set, and what it weighs as JSON, bytes. */
export const mostChanges = 1_000;
export const mostChangeBytes = 4 * 1024 * 1024;
/** Rows of one look-up. */
export const mostLookedUp = 50;

/** A name of the server: at most 63 bytes there, a little room for servers that were built with more. */
const name = z.string().min(1).max(256);
/** A NUL would end the text early in the protocol. */
const text = z
  .string()
  .max(mostChangeBytes)
  .refine((given) => !given.includes("\0"));
const value = text.nullable();
const timeZone = z.string().max(64).optional();
/** Columns of a table: 1,600 at most. */
const mostColumns = 1_664;

const cell = z.union([value, z.strictObject({ default: z.literal(true) })]);
const cells = z
  .array(z.strictObject({ column: name, value: cell }))
  .max(mostColumns)
  .refine((all) => new Set(all.map(({ column }) => column)).size === all.length);

const row = z.strictObject({
  key: z.array(value).max(64).nullable(),
  place: z
    .strictObject({
      tableoid: z.string().regex(/^\d{1,10}$/),
      ctid: z.string().regex(/^\(\d{1,10},\d{1,5}\)$/),
    })
    .nullable(),
  version: z.string().max(64).nullable(),
});

const seen = z.strictObject({
  values: z.array(value).max(mostColumns),
  cut: z.array(z.strictObject({ column: z.int().min(0), length: z.int().min(0) })).max(mostColumns),
});

const change = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("update"),
    row,
    seen: seen.optional(),
    cells: cells.refine((all) => all.length > 0),
  }),
  z.strictObject({ kind: z.literal("delete"), row, seen: seen.optional() }),
  z.strictObject({ kind: z.literal("insert"), cells }),
]);

/** What …/changes/try and …/changes/apply are asked. One row stands in it once: it has one outcome. */
export const changeSet = z
  .strictObject({
    schema: name,
    table: name,
    rev: z.int().min(0),
    id: z.string().regex(randomIdForm),
    key: z.array(name).min(1).max(64).nullable(),
    changes: z.array(change).min(1).max(mostChanges),
    timeZone,
  })
  .refine(({ key, changes }) =>
    changes.every((one) => one.kind === "insert" || (one.row.key?.length ?? null) === (key?.length ?? null)),
  )
  .refine(({ changes }) => {
    const rows = changes.flatMap((one) =>
      one.kind === "insert" ? [] : [JSON.stringify([one.row.key ?? one.row.place, one.row.version])],
    );
    return new Set(rows).size === rows.length;
  }) satisfies z.ZodType<ChangeSet>;

export const editableAsk = z.strictObject({ schema: name, table: name }) satisfies z.ZodType<EditableAsk>;

export const lookUpAsk = z.strictObject({
  schema: name,
  table: name,
  columns: z.array(name).min(1).max(64),
  search: text.max(1_000),
  timeZone,
}) satisfies z.ZodType<LookUpAsk>;
