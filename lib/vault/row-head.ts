import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { base64url } from "./base64url.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { canonicalBytes } from "./canonical.ts";
import { mostRecords, slotsSchema } from "./document.ts";
import type { Keyring } from "./keyring.ts";
import type { NewHead } from "./store.ts";

/** What the head of a vault in rows says. Its store id and its revision stand beside it, under the same seal. */
export type RowHead = z.infer<typeof headSchema>;

/** The row form's name. */
export const rowFormat = "cloak-rows";

/** The version of the row form. */
export const rowFormVersion = 1;

/** So many commits can be told apart after the connection was lost in one of them. */
export const rememberedCommits = 16;

export type ParsedHead =
  | { readonly state: "sealed"; readonly head: RowHead }
  | { readonly state: "newer"; readonly version: number }
  /** `part` names what does not fit. */
  | { readonly state: "damaged"; readonly part: string };

/** Reads the text of a head. Its seal is not checked yet; but no other text says the same. */
export function parseHead(text: string): ParsedHead {
  const json = text.length > longestHead ? undefined : parseBoundedJson(text)?.json;
  if (typeof json !== "object" || json === null) return { state: "damaged", part: "head" };
  const { format, v } = json as { readonly format?: unknown; readonly v?: unknown };
  if (format !== rowFormat) return { state: "damaged", part: "head.format" };
  if (typeof v === "number" && Number.isInteger(v) && v > rowFormVersion)
    return { state: "newer", version: v };
  const parsed = headSchema.safeParse(json);
  if (!parsed.success) {
    return { state: "damaged", part: ["head", ...(parsed.error.issues[0]?.path ?? [])].join(".") };
  }
  if (JSON.stringify(parsed.data) !== text) return { state: "damaged", part: "head" };
  return { state: "sealed", head: parsed.data };
}

/** Seals a head for its place. */
export function sealedHead(
  content: Omit<RowHead, "format" | "v" | "mac">,
  store: string,
  rev: number,
  keyring: Keyring,
): { readonly head: RowHead; readonly kept: NewHead } {
  // Through the schema, so that the order of keys is the one a reader compares with.
  const plain = headSchema.parse({ ...content, format: rowFormat, v: rowFormVersion, mac: noSeal });
  const head = { ...plain, mac: macOver(plain, store, rev, keyring).toString("base64url") };
  return { head, kept: { store, rev, body: JSON.stringify(head) } };
}

/** Whether nothing in the head was changed, and it is the one of this store and revision. */
export function isHeadWhole(head: RowHead, { store, rev }: NewHead, keyring: Keyring): boolean {
  return timingSafeEqual(macOver(head, store, rev, keyring), Buffer.from(head.mac, "base64url"));
}

/** Eight slots take half of it. */
const longestHead = 1024 * 1024;

const noSeal = Buffer.alloc(32).toString("base64url");

const headSchema = z.strictObject({
  format: z.literal(rowFormat),
  v: z.literal(rowFormVersion),
  slots: slotsSchema,
  /** Rows, with those of what was removed. */
  count: z
    .int()
    .min(0)
    .max(2 * mostRecords),
  /** Over all rows, hidden behind the number of this commit. */
  sum: base64url(32),
  /** What was removed by this revision or an earlier one has left no row behind. */
  cleared: z.int().min(0),
  /** The last line of the audit log that was known then. */
  log: z.strictObject({ seq: z.int().min(1), mac: base64url(32) }).nullable(),
  /** Ids of this commit and of those before it, newest first. */
  commits: z.array(base64url(16)).min(1).max(rememberedCommits),
  /** Where the vault was moved to: nobody saves here any more. */
  moved: z.string().max(2048).optional(),
  mac: base64url(32),
});

function macOver({ mac: _, ...content }: RowHead, store: string, rev: number, keyring: Keyring): Buffer {
  const bytes = canonicalBytes({ ...content, store, rev });
  return createHmac("sha256", keyring.macKey).update(bytes).digest();
}
