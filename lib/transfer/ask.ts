import { z } from "zod";
import { rowsAsk } from "#lib/browse/ask.ts";
import { randomIdForm } from "#lib/random-id.ts";
import { exportFormats } from "./shapes.ts";

/** What the routes of exports and imports are asked. Values never stand in an address, so all of it is a body. */

const name = z.string().min(1).max(256);
/** A NUL would end the text early in the protocol. */
const text = z
  .string()
  .max(1_000_000)
  .refine((given) => !given.includes("\0"));
const id = z.string().regex(randomIdForm);
const rev = z.int().min(0);

const { schema, table, filters, where, sort, timeZone } = rowsAsk.shape;

const whatToExport = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("table"),
    schema,
    table,
    filters,
    where,
    sort,
    timeZone,
    /** Names, in the order of the file; all that may be read where it is left out. */
    columns: z.array(name).min(1).max(1_664).optional(),
  }),
  z.strictObject({
    kind: z.literal("statement"),
    sql: text,
    values: z.array(text.nullable()).max(65_535).default([]),
    /** The tab whose session it runs in again, where that holds something: its settings, or what is temporary. */
    tab: z
      .strictObject({ id, lease: id, name: z.string().max(60).default(""), session: id.optional() })
      .optional(),
    /** The tab's transaction is open: it is exported as seen from within. */
    inTransaction: z.boolean().default(false),
  }),
]);

/** A sign between values. COPY takes one byte, and none of its own. */
const delimiter = z.string().regex(/^[\t !#$%&'()*+,\-/:;<=>?@[\]^_`{|}~]$/);
const nullText = z
  .string()
  .max(20)
  .refine((given) => !/[\0\r\n"]/.test(given));

export const exportAsk = z.strictObject({
  what: whatToExport,
  format: z.enum(exportFormats),
  /** Names of the columns first. */
  header: z.boolean().default(true),
  /** How NULL is written in CSV and TSV. */
  nullText: nullText.default(""),
  /** An apostrophe before what a spreadsheet would take for a formula. It changes the data. */
  guardFormulas: z.boolean().default(false),
  /** Of the connection, as the page shows it; left out, any will do. */
  rev: rev.optional(),
});
export type ExportAsk = z.input<typeof exportAsk>;
export type AskedExport = z.output<typeof exportAsk>;
export type ExportedTable = Extract<AskedExport["what"], { kind: "table" }>;
export type ExportedStatement = Extract<AskedExport["what"], { kind: "statement" }>;

/** Encodings of files that are told by their bytes, or chosen; as PostgreSQL names them. */
export const fileEncodings = [
  "UTF8",
  "WIN1252",
  "LATIN1",
  "WIN1250",
  "WIN1251",
  "BIG5",
  "EUC_JP",
  "SJIS",
  "GBK",
] as const;

export const importAsk = z.strictObject({
  schema,
  table,
  /** The table's column for each column of the file, in the file's order; null where that is left out. */
  columns: z
    .array(name.nullable())
    .min(1)
    .max(1_664)
    .refine((all) => all.some((one) => one !== null)),
  /** Those in which an empty value between quotes means NULL as well, and those in which one without is a text. */
  emptyIsNull: z.array(name).max(1_664).default([]),
  emptyIsText: z.array(name).max(1_664).default([]),
  header: z.boolean(),
  delimiter: delimiter.default(","),
  quote: z.enum(['"', "'"]).default('"'),
  nullText: nullText.default(""),
  encoding: z.enum(fileEncodings).default("UTF8"),
  /** Bytes of the whole file: fewer are not imported. */
  bytes: z.int().min(0),
  /** Everything but the end: what was read is given up. */
  trial: z.boolean(),
  rev: rev.optional(),
});
export type ImportAsk = z.input<typeof importAsk>;
export type AskedImport = z.output<typeof importAsk>;

export const transferAct = z.strictObject({ id });
