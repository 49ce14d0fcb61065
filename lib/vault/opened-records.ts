import "server-only";
import type { z } from "zod";
import type { SealedRecord } from "./document.ts";
import { openMeta, type Sealer } from "./records.ts";

/** What the boxes of one kind of records say. A record is opened once, however often the store is read again. */
export interface OpenedRecords<M> {
  /** @param restore puts in place what a meta refers to; undefined where that is not to be had */
  read(
    record: SealedRecord,
    sealer: Sealer,
    restore?: (json: unknown) => Restored | undefined,
  ): StoredRecord<M> | DamagedRecord;
  /** The ids of what a record refers to, where it was read. */
  needs(record: SealedRecord): readonly string[] | undefined;
  /** Forgets what is no longer there. */
  keepOnly(records: readonly SealedRecord[]): void;
}

/** @param schema what a meta must be, with what it refers to in its place */
export function openedRecords<M>(schema: z.ZodType<M>): OpenedRecords<M> {
  const opened = new Map<string, Opened<M>>();

  function last(record: SealedRecord): Opened<M> | undefined {
    const found = opened.get(record.id);
    return found !== undefined && isSame(found.of, record) ? found : undefined;
  }

  return {
    read(record, sealer, restore = asItIs) {
      const known = last(record);
      if (known !== undefined) return known.said;
      const read = open(record, sealer, schema, restore);
      // A damaged one is tried again: a key that was not there may have come back.
      if ("part" in read) return read;
      opened.set(record.id, read);
      return read.said;
    },
    needs: (record) => last(record)?.needs,
    keepOnly(records) {
      if (opened.size <= records.length) return;
      const ids = new Set(records.map(({ id }) => id));
      for (const id of opened.keys()) if (!ids.has(id)) opened.delete(id);
    },
  };
}

/** A meta with what it refers to in its place, and the ids of that. */
export interface Restored {
  readonly json: unknown;
  readonly needs: readonly string[];
}

const asItIs = (json: unknown): Restored => ({ json, needs: [] });

interface Opened<M> {
  readonly of: SealedRecord;
  readonly said: StoredRecord<M>;
  readonly needs: readonly string[];
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
  /**
   * `meta`: its box does not open. `material`: it refers to a text whose box does not. `schema`: it opens, but says
   * something this version does not understand.
   */
  readonly part: "meta" | "material" | "schema";
}

function open<M>(
  record: SealedRecord,
  sealer: Sealer,
  schema: z.ZodType<M>,
  restore: (json: unknown) => Restored | undefined,
): Opened<M> | DamagedRecord {
  const { id, rev } = record;
  const meta = openMeta(record, sealer);
  if (meta === undefined) return { id, rev, part: "meta" };
  const restored = restore(meta.json);
  if (restored === undefined) return { id, rev, part: "material" };
  const parsed = schema.safeParse(restored.json);
  if (!parsed.success) return { id, rev, part: "schema" };
  const said = { id, rev, meta: parsed.data, secretNames: Object.keys(record.secrets) };
  return { of: record, said, needs: restored.needs };
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
