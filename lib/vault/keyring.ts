import "server-only";
import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { z } from "zod";
import type { DataKey } from "./seal.ts";

/** The keys of one vault. They lie in the vault itself, wrapped once a slot. */
export interface Keyring {
  /** The key that new boxes are sealed with. */
  readonly active: DataKey;
  /** Every key that boxes may still be sealed with, the active one included, by id. */
  readonly dataKeys: ReadonlyMap<string, DataKey>;
  /** Authenticates the file as a whole. */
  readonly macKey: KeyObject;
  /** What session tokens and the like are hashed with. */
  readonly sessionKey: KeyObject;
  /** What the audit log is chained with. */
  readonly auditKey: KeyObject;
}

/** A keyring of fresh random keys. */
export function newKeyring(): Keyring {
  const active = { id: randomBytes(8).toString("base64url"), key: freshKey() };
  return {
    active,
    dataKeys: new Map([[active.id, active]]),
    macKey: freshKey(),
    sessionKey: freshKey(),
    auditKey: freshKey(),
  };
}

/** The keyring as bytes, to be wrapped. */
export function encodeKeyring(keyring: Keyring): Buffer {
  const keys = [...keyring.dataKeys.values()].map((key) => [
    key.id,
    { key: exported(key.key), state: key.id === keyring.active.id ? "active" : "decrypt-only" },
  ]);
  const plain: z.input<typeof schema> = {
    active: keyring.active.id,
    keys: Object.fromEntries(keys),
    macKey: exported(keyring.macKey),
    sessionKey: exported(keyring.sessionKey),
    auditKey: exported(keyring.auditKey),
  };
  return Buffer.from(JSON.stringify(plain), "utf8");
}

/** Reads an unwrapped keyring; undefined when it is not one. */
export function decodeKeyring(bytes: Buffer): Keyring | undefined {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const { active: activeId, keys, macKey, sessionKey, auditKey } = parsed.data;
  const dataKeys = new Map(Object.entries(keys).map(([id, entry]) => [id, { id, key: entry.key }]));
  const active = dataKeys.get(activeId);
  return active === undefined ? undefined : { active, dataKeys, macKey, sessionKey, auditKey };
}

const key = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .transform((text) => createSecretKey(Buffer.from(text, "base64url")));

const schema = z.strictObject({
  active: z.string(),
  keys: z.record(z.string(), z.strictObject({ key, state: z.enum(["active", "decrypt-only"]) })),
  macKey: key,
  sessionKey: key,
  auditKey: key,
});

function freshKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}

function exported(key: KeyObject): string {
  return key.export().toString("base64url");
}
