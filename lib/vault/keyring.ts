import "server-only";
import { createPublicKey, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
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
  /** By the id of a data key that is not the active one. */
  readonly former: ReadonlyMap<string, FormerKey>;
  /** By slot: what wraps the keyring for it anew without its key. A slot that is not among them was made by its key alone. */
  readonly locks: ReadonlyMap<string, SlotLock>;
}

export interface FormerKey {
  /** What authenticated the vault in its time: for copies of then. */
  readonly macKey: KeyObject;
  /** When another one took its place, milliseconds since 1970. */
  readonly until: number;
}

/** What it takes to wrap a keyring for a slot. Whoever has it can wrap, not open. */
export interface SlotLock {
  /** X25519: only who has the slot's key has the other half. */
  readonly open: KeyObject;
  /** Binds what is wrapped to who has the vault's keys: others could wrap a keyring of their own. */
  readonly bind: KeyObject;
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
    former: new Map(),
    locks: new Map(),
  };
}

/**
 * The keyring with a fresh data key to seal with and a fresh key over the whole; the former ones stay to open what was
 * sealed with them. What `deriveKey` derives from stays: sessions, the ids of shared texts and the chain of the log hang
 * on it, and nothing can be opened with it.
 */
export function renewed(keyring: Keyring, now: number = Date.now()): Keyring {
  const { active, macKey } = newKeyring();
  const former = { macKey: keyring.macKey, until: now };
  return {
    ...keyring,
    active,
    dataKeys: new Map([...keyring.dataKeys, [active.id, active]]),
    macKey,
    former: new Map([...keyring.former, [keyring.active.id, former]]),
  };
}

/** The keyring without data keys that nothing needs any more; the active one stays. */
export function without(keyring: Keyring, ids: ReadonlySet<string>): Keyring {
  const stays = ([id]: readonly [string, unknown]) => id === keyring.active.id || !ids.has(id);
  return {
    ...keyring,
    dataKeys: new Map([...keyring.dataKeys].filter(stays)),
    former: new Map([...keyring.former].filter(stays)),
  };
}

/** The keyring as it has been, the newest first: what opens a copy of an earlier revision. */
export function asItWas(keyring: Keyring): readonly Keyring[] {
  return [...keyring.former.values()].reverse().map(({ macKey }) => ({ ...keyring, macKey }));
}

/** The keyring as bytes, to be wrapped. */
export function encodeKeyring(keyring: Keyring): Buffer {
  const keys = [...keyring.dataKeys.values()].map(({ id, key }) => {
    const former = keyring.former.get(id);
    const state = id === keyring.active.id ? "active" : "decrypt-only";
    const since = former && { macKey: exported(former.macKey), until: former.until };
    return [id, { key: exported(key), state, ...since }];
  });
  const locks = [...keyring.locks].map(([kid, { open, bind }]) => [
    kid,
    { open: String(open.export({ format: "jwk" }).x), bind: exported(bind) },
  ]);
  const plain: z.input<typeof schema> = {
    active: keyring.active.id,
    keys: Object.fromEntries(keys),
    macKey: exported(keyring.macKey),
    sessionKey: exported(keyring.sessionKey),
    auditKey: exported(keyring.auditKey),
    ...(locks.length === 0 ? {} : { locks: Object.fromEntries(locks) }),
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
  const { active: activeId, keys, macKey, sessionKey, auditKey, locks = {} } = parsed.data;
  const dataKeys = new Map(Object.entries(keys).map(([id, entry]) => [id, { id, key: entry.key }]));
  const active = dataKeys.get(activeId);
  if (active === undefined) return undefined;
  const former = Object.entries(keys).flatMap(([id, { macKey, until }]) =>
    macKey === undefined || until === undefined || id === activeId ? [] : [[id, { macKey, until }] as const],
  );
  return {
    active,
    dataKeys,
    macKey,
    sessionKey,
    auditKey,
    former: new Map(former),
    locks: new Map(Object.entries(locks)),
  };
}

const key = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .transform((text) => createSecretKey(Buffer.from(text, "base64url")));

const openKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .transform((x) => createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" }));

const schema = z.strictObject({
  active: z.string(),
  keys: z.record(
    z.string(),
    z.strictObject({
      key,
      state: z.enum(["active", "decrypt-only"]),
      macKey: key.optional(),
      until: z.int().optional(),
    }),
  ),
  macKey: key,
  sessionKey: key,
  auditKey: key,
  locks: z.record(z.string(), z.strictObject({ open: openKey, bind: key })).optional(),
});

function freshKey(): KeyObject {
  return createSecretKey(randomBytes(32));
}

function exported(key: KeyObject): string {
  return key.export().toString("base64url");
}
