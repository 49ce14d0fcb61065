import "server-only";
import { randomId } from "#lib/random-id.ts";
import { Secret } from "#lib/secret.ts";
import { canonicalBytes } from "./canonical.ts";
import { openBox, placeOf, type SealedRecord } from "./document.ts";
import type { Keyring } from "./keyring.ts";
import { type Box, seal } from "./seal.ts";

/** A record that is not sealed yet. */
export interface NewRecord {
  readonly kind: string;
  /** A random one of 128 bits when left out. */
  readonly id?: string;
  readonly meta: unknown;
  readonly secrets?: Readonly<Record<string, Secret>>;
}

/** What sealing needs to know of the vault. */
export interface Sealer {
  readonly storeId: string;
  readonly keyring: Keyring;
}

/** Seals a new record at revision 1. */
export function sealRecord(input: NewRecord, by: Sealer): SealedRecord {
  const head = { id: input.id ?? randomId(), kind: input.kind, rev: 1 };
  const secrets = Object.entries(input.secrets ?? {}).map(([name, value]) => [
    name,
    sealSecret(value, name, head, by),
  ]);
  return { ...head, meta: sealMeta(input.meta, head, by), secrets: Object.fromEntries(secrets) };
}

type Head = Pick<SealedRecord, "id" | "kind" | "rev">;

export function sealMeta(meta: unknown, head: Head, by: Sealer): Box {
  const bytes = Buffer.from(JSON.stringify(meta), "utf8");
  return seal(bytes, placeOf(by.storeId, head, "meta"), head.rev, by.keyring.active);
}

export function sealSecret(value: Secret, name: string, head: Head, by: Sealer): Box {
  const bytes = Buffer.from(value.reveal(), "utf8");
  return seal(bytes, placeOf(by.storeId, head, { secret: name }), head.rev, by.keyring.active);
}

/** What a record says, without its secrets; undefined when the box does not open. */
export function openMeta(record: SealedRecord, by: Sealer): { readonly json: unknown } | undefined {
  const bytes = openBox(record.meta, placeOf(by.storeId, record, "meta"), by.keyring);
  if (bytes === undefined) return undefined;
  try {
    return { json: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return undefined;
  }
}

/** One secret; undefined when there is none of that name or its box does not open. */
export function openSecret(record: SealedRecord, name: string, by: Sealer): Secret | undefined {
  const box = record.secrets[name];
  if (box === undefined) return undefined;
  const bytes = openBox(box, placeOf(by.storeId, record, { secret: name }), by.keyring);
  return bytes === undefined ? undefined : new Secret(bytes.toString("utf8"));
}

/** Whether a sealed record, opened again, is what it was made from, field by field. */
export function opensTo(record: SealedRecord, input: NewRecord, by: Sealer): boolean {
  const meta = openMeta(record, by);
  if (meta === undefined || !canonicalBytes(meta.json).equals(canonicalBytes(input.meta))) return false;
  const given = Object.entries(input.secrets ?? {});
  return (
    given.length === Object.keys(record.secrets).length &&
    given.every(([name, value]) => openSecret(record, name, by)?.reveal() === value.reveal())
  );
}
