import "server-only";
import { z } from "zod";

const keyKinds = { p: "primary", u: "unique", x: "exclusion", c: "check", n: "not-null" } as const;

const texts = z.array(z.string());
const number = z.string().transform(Number);

const reference = z.object({
  name: z.string(),
  columns: texts,
  schema: z.string(),
  table: z.string(),
  foreignColumns: texts,
  definition: z.string(),
});

/** What `tableDetail` asks for, as the server writes it. */
export const detailSchema = z.object({
  keys: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(["p", "u", "x", "c", "n"]).transform((kind) => keyKinds[kind]),
      columns: texts,
      definition: z.string(),
    }),
  ),
  indexes: z.array(
    z.object({
      name: z.string(),
      definition: z.string(),
      bytes: number.nullable(),
      scans: number.nullable(),
      valid: z.boolean(),
      /** A constraint makes it. */
      isOfKey: z.boolean(),
    }),
  ),
  references: z.array(reference),
  referencedBy: z.array(reference),
  triggers: z.array(z.object({ name: z.string(), definition: z.string(), enabled: z.boolean() })),
  policies: z.array(z.object({ name: z.string(), definition: z.string() })),
  rowSecurityOn: z.boolean(),
  rowSecurity: z.boolean(),
  partitions: z.array(z.object({ schema: z.string(), name: z.string(), bound: z.string() })),
  partitionKey: z.string().nullable(),
  privileges: z.array(z.object({ grantee: z.string(), privileges: texts })),
  bytes: z.object({ table: number, indexes: number, toast: number }).nullable(),
  view: z.string().nullable(),
  unlogged: z.boolean(),
  options: texts.nullable(),
  inherits: texts.nullable(),
  server: z.string().nullable(),
});

/** What the definition is made of, beside the structure that is shown. */
export type Definition = z.output<typeof detailSchema>;
