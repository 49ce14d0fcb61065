import { z } from "zod";

/** What the routes of a connection's data are asked. Values never stand in an address, so all of it is a body. */

/** A name of the server: at most 63 bytes there, a little room for servers that were built with more. */
const name = z.string().min(1).max(256);
/** A NUL would end the text early in the protocol. */
const text = z
  .string()
  .max(1_000_000)
  .refine((given) => !given.includes("\0"));
const value = text.nullable();

export const relationsAsk = z.union([
  z.strictObject({}),
  z.strictObject({ schema: name }),
  z.strictObject({ search: z.string().min(1).max(256) }),
  /** Those in sight, as schema and name. */
  z.strictObject({
    sizes: z
      .array(z.tuple([name, name]))
      .min(1)
      .max(64),
  }),
]);

export const tableAsk = z.strictObject({ schema: name, table: name, detail: z.boolean().default(false) });

/** As a row description names them: a statement has a few. */
export const resultTablesAsk = z.strictObject({
  oids: z.array(z.int().min(1).max(4_294_967_295)).min(1).max(32),
});

/** How a column is compared; `null` and `not-null` take no value, `in` one a line. */
export const filterOperators = [
  "=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "like",
  "ilike",
  "contains",
  "in",
  "null",
  "not-null",
] as const;

const filter = z.strictObject({
  column: name,
  operator: z.enum(filterOperators),
  value: text.optional(),
});

const rowNumber = z.int().min(0);

const sort = z.strictObject({ column: name, descending: z.boolean() });

const mark = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("key"),
    values: z.array(value).max(64).readonly(),
    rows: rowNumber.optional(),
    included: z.boolean().optional(),
  }),
  z.strictObject({
    by: z.literal("storage"),
    block: z.int().min(0).max(4_294_967_295),
    tableoid: z.string().regex(/^\d{1,10}$/),
    rows: rowNumber.optional(),
  }),
  z.strictObject({ by: z.literal("number"), rows: rowNumber }),
]);

/** Of the person, for what depends on it, values and filters alike; the session's own where it is left out. */
const timeZone = z.string().max(64).optional();

const ofTable = {
  schema: name,
  table: name,
  filters: z.array(filter).max(32).default([]),
  /** One expression of the person's own, as it would stand after WHERE. */
  where: text.default(""),
};

export const rowsAsk = z.strictObject({
  ...ofTable,
  sort: z.array(sort).max(16).default([]),
  /** The first page, the last one, what comes after or before a mark, or from a key on. */
  at: z
    .discriminatedUnion("to", [
      z.strictObject({ to: z.literal("first") }),
      z.strictObject({ to: z.literal("last") }),
      z.strictObject({ to: z.literal("after"), mark }),
      z.strictObject({ to: z.literal("before"), mark }),
      /** From this mark on, it included: Refresh. */
      z.strictObject({ to: z.literal("from"), mark }),
      z.strictObject({ to: z.literal("key"), values: z.array(text).min(1).max(64).readonly() }),
    ])
    .default({ to: "first" }),
  size: z.int().min(1).max(1_000).default(100),
  /** Also where the plan reads very many rows. */
  evenIfLong: z.boolean().default(false),
  timeZone,
});

export const countAsk = z.strictObject({
  ...ofTable,
  timeoutMs: z.int().min(100).max(600_000).default(2_000),
  timeZone,
});

/** One whole value of one row: by its key, by its place where there is none, or else by what stands in it. */
export const valueAsk = z.strictObject({
  schema: name,
  table: name,
  column: name,
  key: z.array(value).max(64).nullable(),
  place: z.strictObject({ tableoid: z.string().max(20), ctid: z.string().max(30) }).nullable(),
  /** The hash of the row, as its page told it. */
  version: z.string().max(64).nullable().default(null),
  timeZone,
});

export type Filter = z.input<typeof filter>;
export type FilterOperator = (typeof filterOperators)[number];
export type RowsAsk = z.input<typeof rowsAsk>;
/** A page that is wanted, as it was read. */
export type PageAsk = Omit<z.output<typeof rowsAsk>, "schema" | "table">;
export type ValueAsk = z.input<typeof valueAsk>;
