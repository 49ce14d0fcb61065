import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import { canonicalBytes } from "./canonical.ts";
import type { SealedRecord } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { openMeta, openSecret, type Sealer, sealMeta, sealRecord, sealSecret } from "./records.ts";
import type { Vault } from "./vault.ts";

/** A record whose secrets stay sealed. */
export interface StoredRecord<M> {
  readonly id: string;
  /** Grows by one with each update. */
  readonly rev: number;
  readonly meta: M;
  readonly secretNames: readonly string[];
}

/** A record with its secrets opened. */
export interface OpenRecord<M> extends StoredRecord<M> {
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** A record that is in the vault but cannot be used; the others are not touched by it. */
export interface DamagedRecord {
  readonly id: string;
  readonly rev: number;
  /** `meta`: its box does not open. `schema`: it opens, but says something this version does not understand. */
  readonly part: "meta" | "schema";
}

/** A removed record, still sealed, to be put back. Plain data that says nothing to who has not got the vault's keys. */
export interface RemovedRecord {
  readonly kind: string;
  readonly id: string;
  readonly sealed: string;
  readonly mac: string;
}

/** All records of a kind at one moment. */
export interface CollectionNow<M> {
  readonly records: readonly StoredRecord<M>[];
  readonly damaged: readonly DamagedRecord[];
}

/**
 * What must hold of all records for a write to happen: that a name is not taken, that one of them remains. It is asked
 * inside the commit, of the very records that are written over, so no other process comes in between.
 * @returns why not; undefined when it may be written
 */
export type Condition<M> = (now: CollectionNow<M>) => Problem | undefined;

/**
 * The records of one kind. All of these give, besides what they name, any problem of `Vault.read`, and those that
 * write any of `Vault.commit`.
 */
export interface Collection<M> {
  /** In the order they were made. Damaged ones are left out; `damaged` names them. */
  list(): Promise<Result<readonly StoredRecord<M>[]>>;
  damaged(): Promise<Result<readonly DamagedRecord[]>>;
  /** @returns undefined for no such record; `vault-damaged` with `record` and `part` for one that does not open */
  find(id: string): Promise<Result<StoredRecord<M> | undefined>>;
  /** As `find`, with the secrets. */
  open(id: string): Promise<Result<OpenRecord<M> | undefined>>;
  /** @returns `vault-changed-meanwhile` when there is one of that id already, or the condition's problem */
  create(
    input: {
      readonly id?: string;
      readonly meta: M;
      readonly secrets?: Readonly<Record<string, Secret>>;
    },
    condition?: Condition<M>,
  ): Promise<Result<StoredRecord<M>>>;
  /** Several at once, in one write: all of them or none. */
  createAll(
    inputs: readonly { readonly meta: M; readonly secrets?: Readonly<Record<string, Secret>> }[],
  ): Promise<Result<readonly StoredRecord<M>[]>>;
  /**
   * Replaces the meta, and the secrets that are named; one that is not named is kept.
   * @returns `vault-changed-meanwhile` with `currentRev` when `baseRev` is not the record's, `not-found`, or the
   *   condition's problem
   */
  update(
    id: string,
    baseRev: number,
    change: {
      readonly meta: M;
      readonly secrets?: Readonly<Record<string, Secret | "keep" | "remove">>;
    },
    condition?: Condition<M>,
  ): Promise<Result<StoredRecord<M>>>;
  /** Removes it, damaged or not. @returns `not-found` */
  remove(id: string): Promise<Result<RemovedRecord>>;
  /** @returns `vault-changed-meanwhile` when its id is taken again, `not-allowed` when it is not what `remove` gave */
  putBack(record: RemovedRecord): Promise<Result<void>>;
}

/**
 * A collection of the vault's records of a kind.
 * @param kind   lower-case letters and hyphens; part of what every box is bound to
 * @param schema what the meta must be; used on every read, so it must accept what it gives
 */
export function collection<M>(vault: Vault, kind: string, schema: z.ZodType<M>): Collection<M> {
  const ofKind = (snapshot: Snapshot) => snapshot.document.records.filter((record) => record.kind === kind);
  const withId = (snapshot: Snapshot, id: string) =>
    snapshot.document.records.find((record) => record.kind === kind && record.id === id);

  function read(record: SealedRecord, sealer: Sealer): StoredRecord<M> | DamagedRecord {
    const { id, rev } = record;
    const meta = openMeta(record, sealer);
    if (meta === undefined) return { id, rev, part: "meta" };
    const parsed = schema.safeParse(meta.json);
    if (!parsed.success) return { id, rev, part: "schema" };
    return { id, rev, meta: parsed.data, secretNames: Object.keys(record.secrets) };
  }

  function nowIn(snapshot: Snapshot): CollectionNow<M> {
    const sealer = sealerOf(snapshot);
    const all = ofKind(snapshot).map((record) => read(record, sealer));
    return {
      records: all.filter((record): record is StoredRecord<M> => !isDamaged(record)),
      damaged: all.filter(isDamaged),
    };
  }

  async function open(id: string): Promise<Result<OpenRecord<M> | undefined>> {
    const snapshot = await vault.read();
    if (!snapshot.ok) return snapshot;
    const record = withId(snapshot.value, id);
    if (record === undefined) return ok(undefined);
    const sealer = sealerOf(snapshot.value);
    const found = read(record, sealer);
    if (isDamaged(found)) return failed(damagedProblem(id, found.part));
    const secrets: Record<string, Secret> = {};
    for (const name of found.secretNames) {
      const secret = openSecret(record, name, sealer);
      if (secret === undefined) return failed(damagedProblem(id, `secret ${name}`));
      secrets[name] = secret;
    }
    return ok({ ...found, secrets });
  }

  return {
    list: async () => {
      const snapshot = await vault.read();
      return snapshot.ok ? ok(nowIn(snapshot.value).records) : snapshot;
    },
    damaged: async () => {
      const snapshot = await vault.read();
      return snapshot.ok ? ok(nowIn(snapshot.value).damaged) : snapshot;
    },
    find: async (id) => {
      const snapshot = await vault.read();
      if (!snapshot.ok) return snapshot;
      const record = withId(snapshot.value, id);
      if (record === undefined) return ok(undefined);
      const found = read(record, sealerOf(snapshot.value));
      return isDamaged(found) ? failed(damagedProblem(id, found.part)) : ok(found);
    },
    open,
    create: (input, condition) =>
      vault.commit((snapshot) => {
        const against = condition?.(nowIn(snapshot));
        if (against !== undefined) return failed(against);
        if (input.id !== undefined && withId(snapshot, input.id) !== undefined) {
          return failed(problem("vault-changed-meanwhile", { taken: true }));
        }
        const record = sealRecord({ ...input, kind }, sealerOf(snapshot));
        const value = stored(record, input.meta);
        return ok({ records: [...snapshot.document.records, record], value });
      }),
    createAll: (inputs) =>
      vault.commit((snapshot) => {
        const sealer = sealerOf(snapshot);
        const made = inputs.map((input) => ({ input, record: sealRecord({ ...input, kind }, sealer) }));
        return ok({
          records: [...snapshot.document.records, ...made.map(({ record }) => record)],
          value: made.map(({ input, record }) => stored(record, input.meta)),
        });
      }),
    update: (id, baseRev, change, condition) =>
      vault.commit((snapshot) => {
        const old = withId(snapshot, id);
        if (old === undefined) return failed(problem("not-found"));
        if (old.rev !== baseRev) {
          return failed(problem("vault-changed-meanwhile", { currentRev: old.rev }));
        }
        const against = condition?.(nowIn(snapshot));
        if (against !== undefined) return failed(against);
        const record = updated(old, change, sealerOf(snapshot));
        const records = snapshot.document.records.map((other) => (other === old ? record : other));
        return ok({ records, value: stored(record, change.meta) });
      }),
    remove: (id) =>
      vault.commit((snapshot) => {
        const old = withId(snapshot, id);
        if (old === undefined) return failed(problem("not-found"));
        const records = snapshot.document.records.filter((record) => record !== old);
        const sealed = JSON.stringify(old);
        return ok({
          records,
          value: { kind, id, sealed, mac: removalMac(vault, sealed).toString("base64url") },
        });
      }),
    putBack: (removed) =>
      vault.commit((snapshot) => {
        if (removed.kind !== kind || !isOurs(vault, removed)) return failed(problem("not-allowed"));
        if (withId(snapshot, removed.id) !== undefined) {
          return failed(problem("vault-changed-meanwhile", { taken: true }));
        }
        const record: SealedRecord = JSON.parse(removed.sealed);
        return ok({ records: [...snapshot.document.records, record], value: undefined });
      }),
  };
}

function sealerOf({ document, keyring }: Snapshot): Sealer {
  return { storeId: document.storeId, keyring };
}

function isDamaged<M>(record: StoredRecord<M> | DamagedRecord): record is DamagedRecord {
  return "part" in record;
}

function damagedProblem(record: string, part: string): Problem {
  return problem("vault-damaged", { reason: "record", record, part });
}

function stored<M>(record: SealedRecord, meta: M): StoredRecord<M> {
  return { id: record.id, rev: record.rev, meta, secretNames: Object.keys(record.secrets) };
}

/** Boxes of secrets that are kept stay as they are, byte for byte. */
function updated(
  old: SealedRecord,
  change: {
    readonly meta: unknown;
    readonly secrets?: Readonly<Record<string, Secret | "keep" | "remove">>;
  },
  sealer: Sealer,
): SealedRecord {
  const head = { id: old.id, kind: old.kind, rev: old.rev + 1 };
  const secrets = { ...old.secrets };
  for (const [name, act] of Object.entries(change.secrets ?? {})) {
    if (act === "remove") delete secrets[name];
    else if (act !== "keep") secrets[name] = sealSecret(act, name, head, sealer);
  }
  return { ...head, meta: sealMeta(change.meta, head, sealer), secrets };
}

/** The boxes prove where they belong, but not that they belong together: this does. */
function removalMac(vault: Vault, sealed: string): Buffer {
  return createHmac("sha256", vault.deriveKey("removed records")).update(canonicalBytes(sealed)).digest();
}

function isOurs(vault: Vault, removed: RemovedRecord): boolean {
  const given = Buffer.from(removed.mac, "base64url");
  const mac = removalMac(vault, removed.sealed);
  return given.length === mac.length && timingSafeEqual(given, mac);
}
