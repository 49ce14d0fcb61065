import "server-only";
import type { z } from "zod";
import type { SealedRecord } from "./document.ts";
import { openMeta, type Sealer } from "./records.ts";

/** What the boxes of one kind of records say. A record is opened once, however often the store is read again. */
export interface OpenedRecords<M> {
  read(record: SealedRecord, sealer: Sealer): StoredRecord<M> | DamagedRecord;
  /** Forgets what is no longer there. */
  keepOnly(records: readonly SealedRecord[]): void;
}

/** @param schema what a meta must be */
export function openedRecords<M>(schema: z.ZodType<M>): OpenedRecords<M> {
  const opened = new Map<string, { readonly of: SealedRecord; readonly said: StoredRecord<M> }>();

  return {
    read(record, sealer) {
      const last = opened.get(record.id);
      if (last !== undefined && isSame(last.of, record)) return last.said;
      const said = open(record, sealer, schema);
      // A damaged one is tried again: a key that was not there may have come back.
      if (!("part" in said)) opened.set(record.id, { of: record, said });
      return said;
    },
    keepOnly(records) {
      if (opened.size <= records.length) return;
      const ids = new Set(records.map(({ id }) => id));
      for (const id of opened.keys()) if (!ids.has(id)) opened.delete(id);
    },
  };
}

/** A record whose secrets stay sealed. */
export interface StoredRecord<M> {
  readonly id: string;
  /** Grows by one with each update. */
  readonly rev: number;
  readonly meta: M;
  readonly secretNames: readonly string[];
}

/** A record that is in the vault but cannot be used; the others are not touched by it. */
export interface DamagedRecord {
  readonly id: string;
  readonly rev: number;
  /** `meta`: its box does not open. `schema`: it opens, but says something this version does not understand. */
  readonly part: "meta" | "schema";
}

function open<M>(
  record: SealedRecord,
  sealer: Sealer,
  schema: z.ZodType<M>,
): StoredRecord<M> | DamagedRecord {
  const { id, rev } = record;
  const meta = openMeta(record, sealer);
  if (meta === undefined) return { id, rev, part: "meta" };
  const parsed = schema.safeParse(meta.json);
  if (!parsed.success) return { id, rev, part: "schema" };
  return { id, rev, meta: parsed.data, secretNames: Object.keys(record.secrets) };
}

/**
 * Whether a record is the one that was opened. A box is bound to its place and its key, and its tag is part of the text:
 * the same text in the same place has been found whole before.
 */
function isSame(a: SealedRecord, b: SealedRecord): boolean {
  if (a === b) return true;
  return (
    a.rev === b.rev &&
    a.meta.c === b.meta.c &&
    a.meta.n === b.meta.n &&
    a.meta.s === b.meta.s &&
    a.meta.k === b.meta.k &&
    a.meta.b === b.meta.b &&
    hasSameNames(a.secrets, b.secrets)
  );
}

function hasSameNames(a: object, b: object): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name));
}
