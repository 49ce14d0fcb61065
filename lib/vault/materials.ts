import "server-only";
import { createHmac } from "node:crypto";
import { z } from "zod";
import { inTurns } from "#lib/turns.ts";
import type { SealedRecord } from "./document.ts";
import type { Contents, Snapshot } from "./inspect.ts";
import { openedRecords, type Restored } from "./opened-records.ts";
import { openMeta, sealMeta, sealRecord } from "./records.ts";

/** The kind of the records that keep a text for others. */
export const materialKind = "material";

/** Where a text stands in a meta: the names of the members that lead to it. */
export type Path = readonly string[];

/**
 * Texts that many records have in common, as the certificate of an authority: each is kept once, in a record of its own,
 * and where it stood in a meta there is a reference to it, `{"material": id}`. A text that still stands in its place, as
 * in a vault of version 2, is read as well.
 */
export interface Materials {
  /** What is to be sealed of a meta, and what it refers to then. */
  apart(meta: unknown): Apart;
  /** What a meta says: the same texts, not only equal ones, in all that refer to them. Undefined when one is not to be had. */
  together(json: unknown, snapshot: Snapshot): Restored | undefined;
  /** The ids of what a sealed record refers to; undefined where its box does not open. */
  needs(record: SealedRecord, snapshot: Snapshot): readonly string[] | undefined;
  /** The records that keep these. Those that are not there are left out. */
  of(ids: readonly string[], snapshot: Snapshot): readonly SealedRecord[];
  /** What such records keep, by id. Those that do not open are left out. */
  read(records: readonly SealedRecord[], snapshot: Snapshot): Apart["texts"];
  /** The records with those that keep these texts, where there are none yet that can be read. */
  withTexts(
    records: readonly SealedRecord[],
    texts: ReadonlyMap<string, string>,
    snapshot: Snapshot,
  ): readonly SealedRecord[];
  /** The records with a reference in place of each text that still stands in a meta of a kind, and those texts. */
  takenOver(
    records: readonly SealedRecord[],
    kind: string,
    snapshot: Snapshot,
  ): Promise<{ readonly records: readonly SealedRecord[]; readonly texts: Apart["texts"] }>;
}

export interface Apart {
  readonly json: unknown;
  /** By id. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * @param paths where such texts stand; none: every meta is sealed as it is
 * @param key   what ids are made with: an id says nothing of its text to who has not got it, and is always the same
 */
export function materials(paths: readonly Path[], key: () => Buffer): Materials {
  const opened = openedRecords(z.string());
  let latest: { readonly document: Contents; readonly byId: ReadonlyMap<string, SealedRecord> } | undefined;
  /** Records in which no such text stands. */
  const looked = new WeakSet<SealedRecord>();
  /** To hash a text of 160 kB for each of ten thousand connections would take seconds. */
  const ids = new Map<string, string>();
  let held = 0;

  function byId({ document }: Snapshot): ReadonlyMap<string, SealedRecord> {
    if (latest?.document !== document) {
      const ours = document.records.filter((record) => record.kind === materialKind);
      opened.keepOnly(ours);
      latest = { document, byId: new Map(ours.map((record) => [record.id, record])) };
    }
    return latest.byId;
  }

  function textOf(id: string, snapshot: Snapshot): string | undefined {
    const record = byId(snapshot).get(id);
    const found = record && opened.read(record, sealerOf(snapshot));
    return found === undefined || "part" in found ? undefined : found.meta;
  }

  function idOf(text: string): string {
    const known = ids.get(text);
    if (known !== undefined) return known;
    held += text.length;
    if (held > mostHeld) {
      ids.clear();
      held = text.length;
    }
    const id = createHmac("sha256", key()).update(text).digest("base64url");
    ids.set(text, id);
    return id;
  }

  function apart(meta: unknown): Apart {
    const texts = new Map<string, string>();
    const refer = (text: unknown): unknown => {
      if (typeof text !== "string") return text;
      const id = idOf(text);
      texts.set(id, text);
      return { material: id } satisfies z.infer<typeof reference>;
    };
    return { json: paths.reduce((json, path) => changedAt(json, path, refer), meta), texts };
  }

  /** A meta with what `by` gives in place of each reference. */
  function resolved(meta: unknown, by: (id: string) => unknown): unknown {
    const resolve = (member: unknown) => {
      const id = typeof member === "object" ? reference.safeParse(member).data?.material : undefined;
      return id === undefined ? member : by(id);
    };
    return paths.reduce((json, path) => changedAt(json, path, resolve), meta);
  }

  return {
    apart,
    together: (json, snapshot) => {
      const needs = new Set<string>();
      const restored = resolved(json, (id) => {
        needs.add(id);
        return textOf(id, snapshot);
      });
      const isMissing = Array.from(needs).some((id) => textOf(id, snapshot) === undefined);
      return isMissing ? undefined : { json: restored, needs: [...needs] };
    },
    needs: (record, snapshot) => {
      const meta = openMeta(record, sealerOf(snapshot));
      if (meta === undefined) return undefined;
      const needs = new Set<string>();
      resolved(meta.json, (id) => {
        needs.add(id);
      });
      return [...needs];
    },
    of: (wanted, snapshot) =>
      wanted.flatMap((id) => {
        const record = byId(snapshot).get(id);
        return record === undefined ? [] : [record];
      }),
    read: (records, snapshot) =>
      new Map(
        records.flatMap((record) => {
          const found = opened.read(record, sealerOf(snapshot));
          return "part" in found ? [] : [[record.id, found.meta]];
        }),
      ),
    withTexts: (records, texts, snapshot) => {
      const sealer = sealerOf(snapshot);
      const there = new Set(
        records.flatMap((record) => {
          if (record.kind !== materialKind || !texts.has(record.id)) return [];
          const found = opened.read(record, sealer);
          return "part" in found ? [] : [record.id];
        }),
      );
      const missing = Array.from(texts).filter(([id]) => !there.has(id));
      if (missing.length === 0) return records;
      return [
        // One that does not open gives way.
        ...records.filter(({ kind, id }) => kind !== materialKind || there.has(id) || !texts.has(id)),
        ...missing.map(([id, text]) => sealRecord({ kind: materialKind, id, meta: text }, sealer)),
      ];
    },
    takenOver: async (records, kind, snapshot) => {
      const sealer = sealerOf(snapshot);
      const texts = new Map<string, string>();
      const after: SealedRecord[] = [];
      const turn = inTurns();
      for (const record of records) {
        after.push(record.kind === kind ? moved(record) : record);
        await turn();
      }
      return { records: after, texts };

      function moved(record: SealedRecord): SealedRecord {
        if (record.meta.c.length < longMeta || looked.has(record)) return record;
        const parts = apart(openMeta(record, sealer)?.json);
        if (parts.texts.size === 0) {
          looked.add(record);
          return record;
        }
        for (const [id, text] of parts.texts) texts.set(id, text);
        // Nothing that a person sees has changed, so the revision stays: whoever is editing it can still save.
        return { ...record, meta: sealMeta(parts.json, record, sealer) };
      }
    },
  };
}

/** So many letters. */
const mostHeld = 4_000_000;

/** A meta in which a certificate stands is longer, sealed; a shorter one need not be opened to know that it holds none. */
const longMeta = 1300;

const reference = z.strictObject({ material: z.string() });

function sealerOf({ document, keyring }: Snapshot) {
  return { storeId: document.storeId, keyring };
}

/** The same object where nothing changes. */
function changedAt(json: unknown, [name, ...rest]: Path, change: (member: unknown) => unknown): unknown {
  if (name === undefined) return change(json);
  if (typeof json !== "object" || json === null || !Object.hasOwn(json, name)) return json;
  const before = (json as Readonly<Record<string, unknown>>)[name];
  const after = changedAt(before, rest, change);
  return after === before ? json : { ...json, [name]: after };
}
