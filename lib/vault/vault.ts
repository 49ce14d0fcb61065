import "server-only";
import { hkdfSync } from "node:crypto";
import type { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import { type ChainedLog, chainedLog, type EndWitness } from "./chained-log.ts";
import type { SealedRecord } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import type { Keyring } from "./keyring.ts";
import { type DocumentOptions, type NamedDocument, namedDocument } from "./named-document.ts";
import { type SealedNotebook, sealedNotebook } from "./sealed-notebook.ts";
import type { Slot } from "./slots.ts";
import type { Remembered, Store } from "./store.ts";
import { type VaultFacts, vaultFacts } from "./vault-facts.ts";
import type { KeySource } from "./vault-key.ts";

/** What the console keeps, sealed, in a store. It is only made once the store has been opened. */
export interface Vault {
  /** The vault as it is now. It is read again only when it has changed, by whichever process. */
  read(): Promise<Result<Snapshot>>;
  /**
   * Changes the records in one commit. `change` sees the freshest records, with no other writer in between, and gives
   * the new list and what to answer; its own problem leaves everything untouched. Other writers wait as long as it takes,
   * or, where nobody can be made to wait, `change` is asked again with what they wrote.
   */
  commit<T>(change: Changing<T>): Promise<Result<T>>;
  /**
   * Of when `read` tells, while it answers from what was read before because the store does not answer: milliseconds
   * since 1970. Undefined while it tells what is there now.
   */
  knownFrom(): number | undefined;
  /**
   * A 32-byte key for another room, always the same for a purpose, as in `session tokens`. A purpose that begins with
   * `audit` comes from a key of its own.
   */
  deriveKey(purpose: string): Buffer;
  /** What this host remembered of the vault when it was opened. */
  readonly memory: MemoryState;
  /** For the Security page: where the key and the data lie, the revision, the backups. */
  facts(): Promise<Result<VaultFacts & { readonly memory: MemoryState }>>;
  /** Another sealed document beside the records: without earlier revisions. */
  document(name: string, options?: DocumentOptions): NamedDocument;
  /** A person's notebook: sealed entries, of which the last of each id counts. */
  notebook(owner: string): SealedNotebook;
  /** A log beside the records that only grows, chained with the audit key. */
  chainedLog<T extends object>(name: string, schema: z.ZodType<T>): ChainedLog<T>;
}

export interface Change<T> {
  readonly records: readonly SealedRecord[];
  readonly value: T;
  /**
   * Who may open the vault from now on, and its keys. The present key has to open one of these slots: else nothing is
   * written, and the answer is `vault-wrong-key`. The keys of `deriveKey` have to stay.
   */
  readonly keys?: { readonly slots: readonly Slot[]; readonly keyring: Keyring };
}

/** Makes a change of the freshest records; it may be asked more than once. */
export type Changing<T> = (snapshot: Snapshot) => Result<Change<T>> | Promise<Result<Change<T>>>;

/** How the records lie in the store, as one text or in rows: the vault is the same on both. */
export interface RecordsForm {
  /** What was read or written last. */
  latest(): Snapshot;
  /** As `Vault.read`, whoever else is looking. */
  look(): Promise<Result<Snapshot>>;
  commit<T>(change: Changing<T>): Promise<Result<T>>;
  /** As `Vault.knownFrom`; left out where a store that does not answer is never answered for. */
  readonly knownFrom?: () => number | undefined;
  /** Where each commit also signs how far the audit log has got. */
  readonly auditEnd?: EndWitness;
}

/** A vault whose records were opened just now. */
export function vaultOn(store: Store, source: KeySource, form: RecordsForm, memory: MemoryState): Vault {
  let reading: Promise<Result<Snapshot>> | undefined;

  /** Many requests ask at once: they share one look. */
  function read(): Promise<Result<Snapshot>> {
    reading ??= form.look().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  function deriveKey(purpose: string): Buffer {
    const { sessionKey, auditKey } = form.latest().keyring;
    const from = purpose.startsWith("audit") ? auditKey : sessionKey;
    return Buffer.from(hkdfSync("sha256", from, Buffer.alloc(0), `cloak/v2/derived/${purpose}`, 32));
  }

  return {
    read,
    commit: form.commit,
    knownFrom: () => form.knownFrom?.(),
    deriveKey,
    memory,
    facts: async () => {
      const snapshot = await read();
      return snapshot.ok ? ok({ ...(await vaultFacts(snapshot.value, store, source)), memory }) : snapshot;
    },
    document: (name, options) => namedDocument(name, store.document(name), read, options),
    notebook: (owner) => sealedNotebook(owner, store.notebook(owner), read),
    chainedLog: (name, schema) => {
      const { storeId } = form.latest().document;
      const witness = name === "audit" ? form.auditEnd : undefined;
      return chainedLog(store.log(name, storeId), deriveKey(`audit chain of ${name}`), schema, witness);
    },
  };
}

/**
 * Whether this host remembers the vault. A memory that is missing or cannot be read is made anew, but until then an older
 * copy could have been put in place unseen: that is said.
 */
export type MemoryState = "kept" | "missing" | "unreadable";

export function memoryOf({ state }: Remembered): MemoryState {
  return state === "known" ? "kept" : state === "nothing" ? "missing" : "unreadable";
}
