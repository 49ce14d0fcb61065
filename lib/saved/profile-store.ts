import "server-only";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { GivenBy } from "#lib/profiles/may-lead.ts";
import {
  type ConnectionProfile,
  type ImportNote,
  metaOf,
  type ProfileDraft,
  type ProfileMeta,
  type ProfileSecrets,
  profileMeta,
  type TlsSettings,
} from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import type { Secret } from "#lib/secret.ts";
import { eachSecret } from "#lib/settings/fields.ts";
import { type SecretAct, type SecretField, secretFields } from "#lib/settings/form-values.ts";
import { type Alongside, collection, type RecordChange, type RemovedRecord } from "#lib/vault/collection.ts";
import type { DamagedRecord, StoredRecord } from "#lib/vault/opened-records.ts";
import type { Vault } from "#lib/vault/vault.ts";

/** A saved connection with its secrets still sealed. */
export interface SavedProfile extends Omit<ConnectionProfile, "secrets"> {
  readonly stored: Readonly<Record<SecretField, boolean>>;
}

/** The saved connections. Each may also give what keeps the vault from being read or written. */
export interface ProfileStore {
  /** In the order they were made. Damaged ones are left out; `damaged` names them. The same list until something changes. */
  list(): Promise<Result<readonly SavedProfile[]>>;
  damaged(): Promise<Result<readonly DamagedRecord[]>>;
  /** @returns undefined for no such connection */
  find(id: string): Promise<Result<SavedProfile | undefined>>;
  /** With the secrets. @returns undefined for no such connection */
  open(id: string): Promise<Result<ConnectionProfile | undefined>>;
  /**
   * @param giver the user who gave the draft's secrets; left out, nobody is known to have
   * @param id    left out, it gets one of its own
   * @param also  what is written with it, or not at all
   * @returns `vault-changed-meanwhile` where there is one of that id already
   */
  create(draft: ProfileDraft, giver?: string, id?: string, also?: Along): Promise<Result<SavedProfile>>;
  /**
   * Several at once: all of them or none.
   * @param over saved ones that are written over in the same write, as `update` writes one
   * @returns the new ones; what `update` returns where one cannot be written over
   */
  createAll(
    drafts: readonly ProfileDraft[],
    giver?: string,
    also?: Along,
    over?: readonly WrittenOver[],
  ): Promise<Result<readonly SavedProfile[]>>;
  /**
   * Saves a connection over the revision that the form was loaded with. A secret is kept, taken from the draft
   * (`replace`), or removed; one without an act is kept. The note of an import is kept too, until `dismissImport`; an
   * old string that could not be read goes when the draft has a host.
   * @param giver the user who gave the secrets that are replaced; a kept one stays its giver's
   * @returns `vault-changed-meanwhile` with `currentRev`; `not-found`; `setting-invalid` for `replace` with nothing
   */
  update(
    id: string,
    baseRev: number,
    draft: ProfileDraft,
    acts: Readonly<Partial<Record<SecretField, SecretAct>>>,
    giver?: string,
  ): Promise<Result<SavedProfile>>;
  /**
   * The text that an imported connection was made from, where it could not be read or taken over in full; undefined
   * where nothing is left of it.
   */
  original(id: string): Promise<Result<Secret | undefined>>;
  /** The person has read what the import noted: the note goes, and the text with it. @returns `not-found`, `vault-changed-meanwhile` */
  dismissImport(id: string, baseRev: number): Promise<Result<SavedProfile>>;
  /** @returns `not-found` */
  remove(id: string): Promise<Result<RemovedRecord>>;
  putBack(removed: RemovedRecord): Promise<Result<void>>;
  /** What a removed connection is called; undefined where that cannot be read. */
  nameOf(removed: RemovedRecord): Promise<Result<string | undefined>>;
  /** A new connection like this one, without its secrets, its name followed by " copy". @returns `not-found` */
  duplicate(id: string, also?: Along): Promise<Result<SavedProfile>>;
}

/** A saved connection that is written over: `update` says what each means. */
export interface WrittenOver {
  readonly id: string;
  readonly baseRev: number;
  readonly draft: ProfileDraft;
  readonly acts: Readonly<Partial<Record<SecretField, SecretAct>>>;
}

/** What else is written with new connections, by their ids. */
export type Along = (ids: readonly string[]) => Alongside;

/** Both, in this order, or neither. */
export function together(one: Along, other: Along): Along {
  return (ids) => {
    const [first, second] = [one(ids), other(ids)];
    return (snapshot, records) => {
      const changed = first(snapshot, records);
      return changed.ok ? second(snapshot, changed.value) : changed;
    };
  };
}

/** The kind that connections have in the vault. */
export const profileKind = "conn";

/** Texts that stand in many connections and are long: each is kept once. */
const sharedTexts = (
  ["ca", "clientCertificate", "crl"] as const satisfies readonly (keyof TlsSettings)[]
).map((name) => ["tls", name]);

/** The name under which a key is sealed as its passphrase opened it; it goes where either of the two goes. */
const openedSecret = "openedKey" satisfies keyof ProfileSecrets;

/** The name under which an imported string that could not be read is sealed, password and all. */
export const unparsedSecret = "unparsed";

/**
 * The saved connections of a vault.
 * @param now clock for the dates that are shown; nothing is decided by them
 */
export function profileStore(vault: Vault, now: () => Date = () => new Date()): ProfileStore {
  const records = collection(vault, profileKind, profileMeta, sharedTexts);

  let latest:
    | { readonly of: readonly StoredRecord<ProfileMeta>[]; readonly all: readonly SavedProfile[] }
    | undefined;

  function newRecord(draft: ProfileDraft, giver: string | undefined) {
    const at = now().toISOString();
    const secrets = onlyOurs(draft.secrets);
    const meta = {
      ...metaOf(draft),
      ...giversAfter(undefined, secrets, giver),
      createdAt: at,
      updatedAt: at,
    };
    return { meta, secrets };
  }

  async function changeOf(
    id: string,
    draft: ProfileDraft,
    acts: WrittenOver["acts"],
    giver: string | undefined,
  ): Promise<Result<RecordChange<ProfileMeta>>> {
    const found = await records.find(id);
    if (!found.ok) return found;
    if (found.value === undefined) return failed(problem("not-found"));
    const changes = secretChanges(draft, acts, found.value.secretNames.includes(openedSecret));
    if (!changes.ok) return changes;
    const before = found.value.meta;
    const imported = noteAfter(draft.imported ?? before.imported, draft);
    const { imported: _, ...rest } = metaOf(draft);
    const meta = {
      ...rest,
      ...giversAfter(before.givenBy, changes.value, giver),
      createdAt: before.createdAt,
      updatedAt: now().toISOString(),
      ...(imported === undefined ? {} : { imported }),
    };
    const fixed = isFixed(draft.imported ?? before.imported, draft);
    const secrets = fixed ? { ...changes.value, [unparsedSecret]: "remove" as const } : changes.value;
    return ok({ meta, secrets });
  }

  return {
    list: async () => {
      const found = await records.list();
      if (!found.ok) return found;
      if (latest?.of !== found.value) latest = { of: found.value, all: found.value.map(saved) };
      return ok(latest.all);
    },
    damaged: () => records.damaged(),
    find: async (id) => {
      const found = await records.find(id);
      return found.ok ? ok(found.value && saved(found.value)) : found;
    },
    open: async (id) => {
      const found = await records.open(id);
      if (!found.ok) return found;
      if (found.value === undefined) return ok(undefined);
      const { id: recordId, rev, meta, secrets } = found.value;
      return ok({ ...meta, id: recordId, rev, secrets: onlyOurs(secrets) });
    },
    create: async (draft, giver, id = randomId(), also = undefined) =>
      savedResult(await records.create({ ...newRecord(draft, giver), id }, undefined, also?.([id]))),
    createAll: async (drafts, giver, also, over = []) => {
      const changes: ({ readonly id: string; readonly baseRev: number } & RecordChange<ProfileMeta>)[] = [];
      for (const { id, baseRev, draft, acts } of over) {
        const changed = await changeOf(id, draft, acts, giver);
        if (!changed.ok) return changed;
        changes.push({ ...changed.value, id, baseRev });
      }
      const inputs = drafts.map((draft) => ({ ...newRecord(draft, giver), id: randomId() }));
      const made = await records.createAll(inputs, also?.(inputs.map(({ id }) => id)), changes);
      return made.ok ? ok(made.value.map(saved)) : made;
    },
    update: async (id, baseRev, draft, acts, giver) => {
      const change = await changeOf(id, draft, acts, giver);
      return change.ok ? savedResult(await records.update(id, baseRev, change.value)) : change;
    },
    original: async (id) => {
      const found = await records.open(id);
      return found.ok ? ok(found.value?.secrets[unparsedSecret]) : found;
    },
    dismissImport: async (id, baseRev) => {
      const found = await records.find(id);
      if (!found.ok) return found;
      if (found.value === undefined) return failed(problem("not-found"));
      const { imported: _, ...meta } = found.value.meta;
      return savedResult(
        await records.update(id, baseRev, { meta, secrets: { [unparsedSecret]: "remove" } }),
      );
    },
    remove: (id) => records.remove(id),
    putBack: (removed) => records.putBack(removed),
    nameOf: async (removed) => {
      const found = await records.removedMeta(removed);
      return found.ok ? ok(textOf(Object(found.value).name)) : found;
    },
    duplicate: async (id, also) => {
      const found = await records.find(id);
      if (!found.ok) return found;
      if (found.value === undefined) return failed(problem("not-found"));
      const { imported: _, givenBy: __, ...like } = found.value.meta;
      const at = now().toISOString();
      const meta = { ...like, name: `${like.name} copy`, createdAt: at, updatedAt: at };
      const copy = randomId();
      return savedResult(await records.create({ id: copy, meta }, undefined, also?.([copy])));
    },
  };
}

/** Who gave what is there after a save: a kept secret stays its giver's, a new one is its giver's from now on. */
function giversAfter(
  before: GivenBy | undefined,
  changes: Readonly<Partial<Record<SecretField, Secret | "keep" | "remove">>>,
  giver: string | undefined,
): { readonly givenBy?: GivenBy } {
  const givers = secretFields.flatMap((field) => {
    const change = changes[field];
    if (change === undefined || change === "remove") return [];
    const by = change === "keep" ? before?.[field] : giver;
    return by === undefined ? [] : [[field, by] as const];
  });
  return givers.length === 0 ? {} : { givenBy: Object.fromEntries(givers) };
}

function saved(record: StoredRecord<ProfileMeta>): SavedProfile {
  const has = (name: SecretField) => record.secretNames.includes(name);
  return { ...record.meta, id: record.id, rev: record.rev, stored: eachSecret(has) };
}

function savedResult(result: Result<StoredRecord<ProfileMeta>>): Result<SavedProfile> {
  return result.ok ? ok(saved(result.value)) : result;
}

/** The secrets of a connection; an empty one is none. */
function onlyOurs(secrets: ProfileSecrets): ProfileSecrets & Record<string, Secret> {
  const entries = ([...secretFields, openedSecret] as const).flatMap((name) => {
    const secret = secrets[name];
    return secret === undefined || secret.isEmpty ? [] : [[name, secret] as const];
  });
  return Object.fromEntries(entries);
}

function secretChanges(
  draft: ProfileDraft,
  acts: Readonly<Partial<Record<SecretField, SecretAct>>>,
  hasOpened: boolean,
): Result<Record<string, Secret | "keep" | "remove">> {
  const changes: Record<string, Secret | "keep" | "remove"> = {};
  for (const name of secretFields) {
    const act = acts[name] ?? "keep";
    const given = draft.secrets[name];
    if (act !== "replace") changes[name] = act;
    else if (given === undefined || given.isEmpty) {
      return failed(problem("setting-invalid", { reason: "secret-empty", field: name }));
    } else changes[name] = given;
  }
  const isKept = changes.clientKey === "keep" && changes.keyPassphrase === "keep";
  if (!isKept) changes[openedSecret] = draft.secrets.openedKey ?? "remove";
  // A connection that was saved before keys were kept open.
  else if (!hasOpened && draft.secrets.openedKey) changes[openedSecret] = draft.secrets.openedKey;
  return ok(changes);
}

/** Once the connection has a host again, a text that could not be read has served its turn. */
function noteAfter(note: ImportNote | undefined, draft: ProfileDraft): ImportNote | undefined {
  if (note === undefined || !isFixed(note, draft)) return note;
  const { unparsed: _, ...rest } = note;
  return rest;
}

function isFixed(note: ImportNote | undefined, draft: ProfileDraft): boolean {
  return note?.unparsed !== undefined && draft.host !== "";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
