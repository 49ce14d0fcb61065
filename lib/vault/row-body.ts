import "server-only";
import { z } from "zod";
import { parseBoundedJson } from "./bounded-json.ts";
import { recordSchema, type SealedRecord } from "./document.ts";
import type { KeptRow } from "./store.ts";

/** What a row says: a record and its place among the others, or that there was one until then. */
export type ReadRow =
  | { readonly record: SealedRecord; readonly order: number }
  | { readonly record: undefined; readonly removedAt: number };

/** The longest body, bytes: some databases of this kind take a mebibyte in a column. */
export const longestBody = 900 * 1024;

/** @returns undefined for what `recordBody` and `removedBody` do not write */
export function readRow({ kind, id, rev, body }: Omit<KeptRow, "at">): ReadRow | undefined {
  const json = body.length > longestBody ? undefined : parseBoundedJson(body)?.json;
  if (typeof json !== "object" || json === null) return undefined;
  if ("removed" in json) {
    const removed = removedSchema.safeParse(json).data?.removed;
    const fits = removed !== undefined && removedBody(removed) === body;
    return fits ? { record: undefined, removedAt: removed } : undefined;
  }
  const { order, ...boxes } = json as { readonly order?: unknown };
  const numbered = orderSchema.safeParse(order);
  const parsed = recordSchema.safeParse({ id, kind, rev, ...boxes });
  if (!numbered.success || !parsed.success) return undefined;
  const record = parsed.data;
  const isSame = record.id === id && record.kind === kind && record.rev === rev;
  return isSame && recordBody(record, numbered.data) === body ? { record, order: numbered.data } : undefined;
}

export function recordBody({ meta, secrets }: SealedRecord, order: number): string {
  return JSON.stringify({ order, meta, secrets });
}

/** @param at when, ms */
export function removedBody(at: number): string {
  return JSON.stringify({ removed: at });
}

const orderSchema = z.int().min(1);
const removedSchema = z.strictObject({ removed: z.int().min(0) });
