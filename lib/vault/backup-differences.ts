import "server-only";
import { inTurns } from "#lib/turns.ts";
import type { OpenedCopy } from "./backup-copy.ts";
import { canonicalBytes } from "./canonical.ts";
import { openBox, placeOf, type SealedRecord } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { materialKind } from "./materials.ts";
import { openMeta } from "./records.ts";

/** What became of the records of a kind since a copy was made. */
export interface KindDifference {
  readonly kind: string;
  readonly added: readonly Named[];
  readonly removed: readonly Named[];
  readonly changed: readonly Named[];
}

/** A record, and what it is called; null where it has no name, or one that is for its owner alone. */
export interface Named {
  readonly id: string;
  readonly name: string | null;
}

/**
 * What differs between a copy and now: names, never what was set. Records that were sealed anew and say the same do not.
 * @param counters a member of a kind's meta that counts by itself and is no setting: nothing differs by it alone
 * @returns the kinds in which something differs
 */
export async function differences(
  copy: OpenedCopy,
  now: Snapshot,
  counters: Readonly<Record<string, string>> = {},
): Promise<readonly KindDifference[]> {
  const isSame = (old: SealedRecord, record: SealedRecord) =>
    saysTheSame(old, copy, record, now) ||
    (Object.hasOwn(counters, record.kind) &&
      saysTheSameBut(counters[record.kind] ?? "", [old, copy], [record, now]));
  const before = byPlace(copy.document.records);
  const present = byPlace(now.document.records);
  const kinds = new Map<string, { added: Named[]; removed: Named[]; changed: Named[] }>();
  const of = (kind: string) => {
    const found = kinds.get(kind) ?? { added: [], removed: [], changed: [] };
    kinds.set(kind, found);
    return found;
  };
  const turn = inTurns();
  for (const [place, record] of present) {
    const old = before.get(place);
    if (old === undefined) of(record.kind).added.push(named(record, now));
    else if (!isSame(old, record)) of(record.kind).changed.push(named(record, now));
    await turn();
  }
  for (const [place, record] of before) {
    if (!present.has(place)) of(record.kind).removed.push(named(record, copy));
    await turn();
  }
  // A text that connections share is no thing of its own: the connections that refer to it differ.
  kinds.delete(materialKind);
  return Array.from(kinds, ([kind, { added, removed, changed }]) => ({
    kind,
    added: added.sort(byName),
    removed: removed.sort(byName),
    changed: changed.sort(byName),
  }));
}

/** Records by kind and id. */
export function byPlace(records: readonly SealedRecord[]): ReadonlyMap<string, SealedRecord> {
  return new Map(records.map((record) => [`${record.kind} ${record.id}`, record]));
}

/** Whether two records of one place say the same, with the same secrets, however they were sealed. */
export function saysTheSame(a: SealedRecord, of: OpenedCopy, b: SealedRecord, now: OpenedCopy): boolean {
  const names = Object.keys(a.secrets);
  return (
    names.length === Object.keys(b.secrets).length &&
    holdsTheSame(a, of, b, now, "meta") &&
    names.every((secret) => holdsTheSame(a, of, b, now, { secret }))
  );
}

function saysTheSameBut(
  counter: string,
  [a, of]: readonly [SealedRecord, OpenedCopy],
  [b, now]: readonly [SealedRecord, OpenedCopy],
): boolean {
  const said = ([record, { document, keyring }]: readonly [SealedRecord, OpenedCopy]) => {
    const meta = openMeta(record, { storeId: document.storeId, keyring })?.json;
    return meta === undefined ? undefined : canonicalBytes({ ...Object(meta), [counter]: undefined });
  };
  const [one, other] = [said([a, of]), said([b, now])];
  const secrets = Object.keys(a.secrets);
  return (
    one !== undefined &&
    other?.equals(one) === true &&
    secrets.length === Object.keys(b.secrets).length &&
    secrets.every((secret) => holdsTheSame(a, of, b, now, { secret }))
  );
}

/** Whether one box of each holds the same. One that does not open is like no other. */
export function holdsTheSame(
  a: SealedRecord,
  of: OpenedCopy,
  b: SealedRecord,
  now: OpenedCopy,
  field: Parameters<typeof placeOf>[2],
): boolean {
  const [boxA, boxB] = [a, b].map((one) => (field === "meta" ? one.meta : one.secrets[field.secret]));
  if (boxA === undefined || boxB === undefined) return false;
  // The same salt, nonce and tag in the same place: it is the same box.
  if (boxA.c === boxB.c && boxA.n === boxB.n && boxA.s === boxB.s) return true;
  const { storeId } = now.document;
  const bytesA = openBox(boxA, placeOf(storeId, a, field), of.keyring);
  const bytesB = openBox(boxB, placeOf(storeId, b, field), now.keyring);
  return bytesA !== undefined && bytesB?.equals(bytesA) === true;
}

function named(record: SealedRecord, { document, keyring }: OpenedCopy): Named {
  const meta = openMeta(record, { storeId: document.storeId, keyring })?.json;
  const { name, shared } = Object(meta) as { readonly name?: unknown; readonly shared?: unknown };
  // A query that is not shared is its owner's alone, by name too.
  return { id: record.id, name: typeof name === "string" && shared !== false ? name : null };
}

function byName(a: Named, b: Named): number {
  return (a.name ?? "").localeCompare(b.name ?? "", "en") || (a.id < b.id ? -1 : 1);
}
