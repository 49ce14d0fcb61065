import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import { inTurns } from "#lib/turns.ts";
import { canonicalBytes } from "./canonical.ts";
import type { SealedRecord } from "./document.ts";
import type { Contents, Snapshot } from "./inspect.ts";
import { type Apart, materialKind, materials, type Path } from "./materials.ts";
import { type DamagedRecord, openedRecords, type StoredRecord } from "./opened-records.ts";
import { openMeta, openSecret, type Sealer, sealMeta, sealRecord, sealSecret } from "./records.ts";
import type { Change, Vault } from "./vault.ts";

/** A record with its secrets opened. */
export interface OpenRecord<M> extends StoredRecord<M> {
  readonly secrets: Readonly<Record<string, Secret>>;
}

/** What a record becomes; a secret that is not named is kept. */
export interface RecordChange<M> {
  readonly meta: M;
  readonly secrets?: Readonly<Record<string, Secret | "keep" | "remove">>;
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

/** Changes another record in the same commit: either both are written or neither. */
export type Alongside = (
  snapshot: Snapshot,
  records: readonly SealedRecord[],
) => Result<readonly SealedRecord[]>;

/**
 * The records of one kind. All of these give, besides what they name, any problem of `Vault.read`, and those that
 * write any of `Vault.commit`.
 */
export interface Collection<M> {
  /**
   * In the order they were made. Damaged ones are left out; `damaged` names them. The same list as before, not only an
   * equal one, until the store changes.
   */
  list(): Promise<Result<readonly StoredRecord<M>[]>>;
  damaged(): Promise<Result<readonly DamagedRecord[]>>;
  /** Whether there is one at all, damaged or not. None is opened for it, however many there are. */
  any(): Promise<Result<boolean>>;
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
    also?: Alongside,
  ): Promise<Result<StoredRecord<M>>>;
  /**
   * Several at once, in one write: all of them or none.
   * @param over records that are there, changed in the same write as `update` changes one
   * @returns the new ones
   */
  createAll(
    inputs: readonly {
      readonly id?: string;
      readonly meta: M;
      readonly secrets?: Readonly<Record<string, Secret>>;
    }[],
    also?: Alongside,
    over?: readonly (RecordChange<M> & { readonly id: string; readonly baseRev: number })[],
  ): Promise<Result<readonly StoredRecord<M>[]>>;
  /** Makes a record, or changes the one that is there; its secrets stay. For a kind without shared texts. */
  put(id: string, edit: (before: M | undefined) => M): Promise<Result<StoredRecord<M>>>;
  /** The same, to go with a write of another kind. */
  putting(id: string, edit: (before: M | undefined) => M): Alongside;
  /**
   * Replaces the meta, and the secrets that are named; one that is not named is kept.
   * @returns `vault-changed-meanwhile` with `currentRev` when `baseRev` is not the record's, `not-found`, or the
   *   condition's problem
   */
  update(
    id: string,
    baseRev: number,
    change: RecordChange<M>,
    condition?: Condition<M>,
  ): Promise<Result<StoredRecord<M>>>;
  /** Removes it, damaged or not. @returns `not-found` */
  remove(id: string): Promise<Result<RemovedRecord>>;
  /** What the meta of a removed record says, as plain JSON; undefined where its box does not open. */
  removedMeta(record: RemovedRecord): Promise<Result<unknown>>;
  /**
   * @returns `vault-changed-meanwhile` when its id is taken again, `not-allowed` when it is not what `remove` gave, or the
   *   condition's problem
   */
  putBack(record: RemovedRecord, condition?: Condition<M>): Promise<Result<void>>;
}

/**
 * A collection of the vault's records of a kind.
 * @param kind   lower-case letters and hyphens; part of what every box is bound to
 * @param schema what the meta must be; used on every read, so it must accept what it gives
 * @param shared where texts stand in it that many records have in common: each is kept once. One kind of a vault may
 *   have such, as what it no longer refers to is dropped
 */
export function collection<M>(
  vault: Vault,
  kind: string,
  schema: z.ZodType<M>,
  shared: readonly Path[] = [],
): Collection<M> {
  const opened = openedRecords(schema);
  const texts = materials(shared, () => vault.deriveKey("materials"));
  /** The records of this kind in the store as it was read last. */
  let latest: { readonly document: Contents; readonly byId: ReadonlyMap<string, SealedRecord> } | undefined;
  let latestNow: { readonly document: Contents; readonly now: CollectionNow<M> } | undefined;

  function byId({ document }: Snapshot): ReadonlyMap<string, SealedRecord> {
    if (latest?.document !== document) {
      const ours = document.records.filter((record) => record.kind === kind);
      opened.keepOnly(ours);
      latest = { document, byId: new Map(ours.map((record) => [record.id, record])) };
    }
    return latest.byId;
  }

  const withId = (snapshot: Snapshot, id: string) => byId(snapshot).get(id);

  const read = (record: SealedRecord, snapshot: Snapshot) =>
    opened.read(record, sealerOf(snapshot), (json) => texts.together(json, snapshot));

  /** What a record refers to; undefined where it cannot be read. */
  const needsOf = (record: SealedRecord, snapshot: Snapshot) =>
    opened.needs(record) ?? texts.needs(record, snapshot);

  /**
   * What to write: the records with the texts that they share. `mayLeave` says that some may be needed no more.
   */
  async function toWrite<T>(
    snapshot: Snapshot,
    records: readonly SealedRecord[],
    value: T,
    given: { readonly texts?: Apart["texts"]; readonly mayLeave?: boolean } = {},
  ): Promise<Result<Change<T>>> {
    if (shared.length === 0) return ok({ records, value });
    const moved = await texts.takenOver(records, kind, snapshot);
    const complete = texts.withTexts(
      moved.records,
      new Map([...moved.texts, ...(given.texts ?? [])]),
      snapshot,
    );
    return ok({ records: given.mayLeave ? await withoutUnneeded(complete, snapshot) : complete, value });
  }

  async function withoutUnneeded(
    records: readonly SealedRecord[],
    snapshot: Snapshot,
  ): Promise<readonly SealedRecord[]> {
    const needed = new Set<string>();
    const turn = inTurns();
    for (const record of records) {
      if (record.kind !== kind) continue;
      const needs = needsOf(record, snapshot);
      // Nobody knows what a damaged one needs: it may be mended.
      if (needs === undefined) return records;
      for (const id of needs) needed.add(id);
      await turn();
    }
    return records.filter((record) => record.kind !== materialKind || needed.has(record.id));
  }

  function nowIn(snapshot: Snapshot): CollectionNow<M> {
    return sorted(
      snapshot,
      Array.from(byId(snapshot).values(), (record) => read(record, snapshot)),
    );
  }

  /** As `nowIn`, for who only reads: where thousands are opened for the first time, others get a turn in between. */
  async function now(): Promise<Result<CollectionNow<M>>> {
    const found = await vault.read();
    if (!found.ok) return found;
    const snapshot = found.value;
    if (latestNow?.document === snapshot.document) return ok(latestNow.now);
    const all: (StoredRecord<M> | DamagedRecord)[] = [];
    const turn = inTurns();
    for (const record of byId(snapshot).values()) {
      all.push(read(record, snapshot));
      await turn();
    }
    return ok(sorted(snapshot, all));
  }

  function sorted(
    { document }: Snapshot,
    all: readonly (StoredRecord<M> | DamagedRecord)[],
  ): CollectionNow<M> {
    if (latestNow?.document === document) return latestNow.now;
    const now = {
      records: all.filter((record): record is StoredRecord<M> => !isDamaged(record)),
      damaged: all.filter(isDamaged),
    };
    latestNow = { document, now };
    return now;
  }

  function put(
    id: string,
    edit: (before: M | undefined) => M,
    snapshot: Snapshot,
    records: readonly SealedRecord[],
  ): Result<{ readonly records: readonly SealedRecord[]; readonly value: StoredRecord<M> }> {
    const old = withId(snapshot, id);
    const found = old && read(old, snapshot);
    if (found !== undefined && isDamaged(found)) return failed(damagedProblem(id, found.part));
    const meta = edit(found?.meta);
    const sealer = sealerOf(snapshot);
    const record =
      old === undefined ? sealRecord({ id, kind, meta }, sealer) : updated(old, { meta }, sealer);
    return ok({
      records: old === undefined ? [...records, record] : records.map((one) => (one === old ? record : one)),
      value: stored(record, meta),
    });
  }

  async function open(id: string): Promise<Result<OpenRecord<M> | undefined>> {
    const snapshot = await vault.read();
    if (!snapshot.ok) return snapshot;
    const record = withId(snapshot.value, id);
    if (record === undefined) return ok(undefined);
    const sealer = sealerOf(snapshot.value);
    const found = read(record, snapshot.value);
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
      const all = await now();
      return all.ok ? ok(all.value.records) : all;
    },
    damaged: async () => {
      const all = await now();
      return all.ok ? ok(all.value.damaged) : all;
    },
    any: async () => {
      const snapshot = await vault.read();
      return snapshot.ok
        ? ok(snapshot.value.document.records.some((record) => record.kind === kind))
        : snapshot;
    },
    find: async (id) => {
      const snapshot = await vault.read();
      if (!snapshot.ok) return snapshot;
      const record = withId(snapshot.value, id);
      if (record === undefined) return ok(undefined);
      const found = read(record, snapshot.value);
      return isDamaged(found) ? failed(damagedProblem(id, found.part)) : ok(found);
    },
    open,
    create: (input, condition, also = nothingElse) =>
      vault.commit((snapshot) => {
        const against = condition?.(nowIn(snapshot));
        if (against !== undefined) return failed(against);
        if (input.id !== undefined && withId(snapshot, input.id) !== undefined) {
          return failed(problem("vault-changed-meanwhile", { taken: true }));
        }
        const meta = texts.apart(input.meta);
        const record = sealRecord({ ...input, meta: meta.json, kind }, sealerOf(snapshot));
        const records = also(snapshot, [...snapshot.document.records, record]);
        return records.ok ? toWrite(snapshot, records.value, stored(record, input.meta), meta) : records;
      }),
    createAll: (inputs, also = nothingElse, over = []) =>
      vault.commit(async (snapshot) => {
        const sealer = sealerOf(snapshot);
        const needed = new Map<string, string>();
        const changed = new Map<SealedRecord, SealedRecord>();
        const turn = inTurns();
        for (const change of over) {
          const old = withId(snapshot, change.id);
          if (old === undefined) return failed(problem("not-found"));
          if (old.rev !== change.baseRev)
            return failed(problem("vault-changed-meanwhile", { currentRev: old.rev }));
          const meta = texts.apart(change.meta);
          for (const [id, text] of meta.texts) needed.set(id, text);
          changed.set(old, updated(old, { ...change, meta: meta.json }, sealer));
          await turn();
        }
        const records = snapshot.document.records.map((record) => changed.get(record) ?? record);
        const value: StoredRecord<M>[] = [];
        for (const input of inputs) {
          const meta = texts.apart(input.meta);
          for (const [id, text] of meta.texts) needed.set(id, text);
          const record = sealRecord({ ...input, meta: meta.json, kind }, sealer);
          records.push(record);
          value.push(stored(record, input.meta));
          await turn();
        }
        const all = also(snapshot, records);
        return all.ok
          ? toWrite(snapshot, all.value, value, { texts: needed, mayLeave: over.length > 0 })
          : all;
      }),
    put: (id, edit) => vault.commit((snapshot) => put(id, edit, snapshot, snapshot.document.records)),
    putting: (id, edit) => (snapshot, records) => {
      const changed = put(id, edit, snapshot, records);
      return changed.ok ? ok(changed.value.records) : changed;
    },
    update: (id, baseRev, change, condition) =>
      vault.commit((snapshot) => {
        const old = withId(snapshot, id);
        if (old === undefined) return failed(problem("not-found"));
        if (old.rev !== baseRev) {
          return failed(problem("vault-changed-meanwhile", { currentRev: old.rev }));
        }
        const against = condition?.(nowIn(snapshot));
        if (against !== undefined) return failed(against);
        const meta = texts.apart(change.meta);
        const record = updated(old, { ...change, meta: meta.json }, sealerOf(snapshot));
        const records = snapshot.document.records.map((other) => (other === old ? record : other));
        const mayLeave = needsOf(old, snapshot)?.every((needed) => meta.texts.has(needed)) !== true;
        return toWrite(snapshot, records, stored(record, change.meta), { texts: meta.texts, mayLeave });
      }),
    remove: (id) =>
      vault.commit((snapshot) => {
        const old = withId(snapshot, id);
        if (old === undefined) return failed(problem("not-found"));
        const records = snapshot.document.records.filter((record) => record !== old);
        const needs = needsOf(old, snapshot);
        // What it needs goes with it: nobody else may need it by the time that this is put back.
        const sealed = JSON.stringify([old, ...texts.of(needs ?? [], snapshot)]);
        const mac = removalMac(vault, sealed).toString("base64url");
        return toWrite(snapshot, records, { kind, id, sealed, mac }, { mayLeave: needs?.length !== 0 });
      }),
    removedMeta: async (removed) => {
      const snapshot = await vault.read();
      if (!snapshot.ok) return snapshot;
      const [record] = removed.kind === kind && isOurs(vault, removed) ? removedRecords(removed.sealed) : [];
      return ok(record && openMeta(record, sealerOf(snapshot.value))?.json);
    },
    putBack: (removed, condition) =>
      vault.commit((snapshot) => {
        const against = condition?.(nowIn(snapshot));
        if (against !== undefined) return failed(against);
        if (removed.kind !== kind || !isOurs(vault, removed)) return failed(problem("not-allowed"));
        if (withId(snapshot, removed.id) !== undefined) {
          return failed(problem("vault-changed-meanwhile", { taken: true }));
        }
        const [record, ...needed] = removedRecords(removed.sealed);
        if (record === undefined) return failed(problem("not-allowed"));
        const records = [...snapshot.document.records, record];
        return toWrite(snapshot, records, undefined, { texts: texts.read(needed, snapshot) });
      }),
  };
}

const nothingElse: Alongside = (_, records) => ok(records);

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

/** What was removed, and what that needs; before version 3 of the file it was the one record. */
function removedRecords(sealed: string): readonly SealedRecord[] {
  const json: SealedRecord | readonly SealedRecord[] = JSON.parse(sealed);
  return "id" in json ? [json] : json;
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
