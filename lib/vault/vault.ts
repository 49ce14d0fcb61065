import "server-only";
import { hkdfSync } from "node:crypto";
import type { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ChainedLog, chainedLog } from "./chained-log.ts";
import {
  brokenBox,
  largestFile,
  type ParsedText,
  parseDocument,
  type SealedRecord,
  sealedText,
} from "./document.ts";
import { inspect, otherStore, rollback, type Snapshot, withHelp } from "./inspect.ts";
import type { Keyring } from "./keyring.ts";
import { type DocumentOptions, type NamedDocument, namedDocument } from "./named-document.ts";
import type { Sealer } from "./records.ts";
import { type SealedNotebook, sealedNotebook } from "./sealed-notebook.ts";
import { openSlots, type Slot } from "./slots.ts";
import type { Remembered, Store } from "./store.ts";
import { type VaultFacts, vaultFacts } from "./vault-facts.ts";
import type { KeySource, VaultKey } from "./vault-key.ts";

/** What the console keeps, sealed, in a store. It is only made once the store has been opened. */
export interface Vault {
  /** The vault as it is now. It is read again only when it has changed, by whichever process. */
  read(): Promise<Result<Snapshot>>;
  /**
   * Changes the records in one commit. `change` sees the freshest records, with no other writer in between, and gives
   * the new list and what to answer; its own problem leaves everything untouched. Other writers wait as long as it takes.
   */
  commit<T>(
    change: (snapshot: Snapshot) => Result<Change<T>> | Promise<Result<Change<T>>>,
  ): Promise<Result<T>>;
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

/** A vault that was opened just now, at `first`. */
export function vaultOn(store: Store, source: KeySource, key: VaultKey, first: Opened): Vault {
  let latest = first;

  let reading: Promise<Result<Snapshot>> | undefined;

  /** Many requests ask at once: they share one look. */
  function read(): Promise<Result<Snapshot>> {
    reading ??= look().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function look(): Promise<Result<Snapshot>> {
    const version = await store.records.version();
    if (!version.ok) return failed(await withHelp(version.problem, store, key));
    if (version.value === latest.version) return ok(latest.snapshot);
    const found = await openStored(store, key);
    if (!found.ok) return found;
    latest = found.value;
    return ok(latest.snapshot);
  }

  function deriveKey(purpose: string): Buffer {
    const { sessionKey, auditKey } = latest.snapshot.keyring;
    const from = purpose.startsWith("audit") ? auditKey : sessionKey;
    return Buffer.from(hkdfSync("sha256", from, Buffer.alloc(0), `cloak/v2/derived/${purpose}`, 32));
  }

  return {
    read,
    commit: (change) =>
      store.records.replace(async (current) => {
        const found = await judge(store, key, current, { known: latest });
        if (!found.ok) return found;
        const { document } = found.value.snapshot;
        const changed = await change(found.value.snapshot);
        if (!changed.ok) return changed;
        const opening = await openingAfter(changed.value.keys, found.value.snapshot, key);
        if (!opening.ok) return opening;
        const { keyring, slots } = opening.value;

        const records = [...changed.value.records];
        const earlier = (await store.records.earlier()).map((revision) => revision.rev);
        const rev = Math.max(document.rev, ...earlier) + 1;
        const before = new Set(document.records);
        const { document: next, text } = await sealedText(
          { ...document, rev, records, slots: [...slots] },
          keyring,
          before,
        );
        if (Buffer.byteLength(text) > largestFile) {
          const facts = { path: store.place, step: "size", error: "EFBIG", saved: false };
          return failed(problem("vault-write-failed", facts));
        }
        const fresh = records.filter((record) => !before.has(record));
        return ok({
          value: changed.value.value,
          write: {
            text,
            check: (readBack) => wrongPart(readBack, text, { storeId: document.storeId, keyring }, fresh),
            previous: { keepAs: document.rev },
            after: async (version) => {
              const { slot } = opening.value;
              latest = { ...found.value, version, snapshot: { document: next, keyring, slot } };
              await store.memory.raise(next.storeId, { rev, mac: next.mac });
            },
          },
        });
      }),
    deriveKey,
    memory: first.memory,
    facts: async () => {
      const snapshot = await read();
      return snapshot.ok
        ? ok({ ...(await vaultFacts(snapshot.value, store, source)), memory: first.memory })
        : snapshot;
    },
    document: (name, options) => namedDocument(name, store.document(name), read, options),
    notebook: (owner) => sealedNotebook(owner, store.notebook(owner), read),
    chainedLog: (name, schema) => {
      const { storeId } = latest.snapshot.document;
      return chainedLog(store.log(name, storeId), deriveKey(`audit chain of ${name}`), schema);
    },
  };
}

/** A vault as it was found, and the version that was looked at. */
export interface Opened {
  readonly version: string;
  readonly snapshot: Snapshot;
  readonly memory: MemoryState;
}

/**
 * Whether this host remembers the vault. A memory that is missing or cannot be read is made anew, but until then an older
 * copy could have been put in place unseen: that is said.
 */
export type MemoryState = "kept" | "missing" | "unreadable";

function memoryOf({ state }: Remembered): MemoryState {
  return state === "known" ? "kept" : state === "nothing" ? "missing" : "unreadable";
}

/** What a version of the vault was parsed to, before its key was at hand. */
interface Parsed {
  readonly version: string;
  readonly as: ParsedText;
}

/** Reads what is kept and opens it. */
export async function openStored(store: Store, key: VaultKey, parsed?: Parsed): Promise<Result<Opened>> {
  // The memory first: it never runs ahead of what is kept, so a commit between the two reads cannot look like a rollback.
  const seen = await store.memory.recall();
  if (parsed !== undefined) {
    const version = await store.records.version();
    // Not read again: a large one would be in memory twice.
    if (version.ok && version.value === parsed.version) {
      return judge(store, key, { version: parsed.version, text: parsed.as }, { seen });
    }
  }
  const current = await store.records.read();
  if (!current.ok) return failed(await withHelp(current.problem, store, key));
  return judge(store, key, current.value, { seen });
}

async function judge(
  store: Store,
  key: VaultKey,
  current: { readonly version: string; readonly text: string | ParsedText } | undefined,
  given: { readonly seen?: Remembered; readonly known?: Opened },
): Promise<Result<Opened>> {
  const help = (trouble: Problem) => withHelp(trouble, store, key);
  if (current === undefined) return failed(await help(problem("vault-damaged", { reason: "missing" })));
  // What was opened last need not be opened again to be written over.
  const { known } = given;
  const opened = known?.version === current.version ? ok(known.snapshot) : await inspect(current.text, key);
  if (!opened.ok) return failed(await help(opened.problem));
  const { document } = opened.value;
  const seen = given.seen ?? (await store.memory.recall());
  const wrong = otherStore(document, seen, store.place, store.hints) ?? rollback(document, seen, store.hints);
  if (wrong !== undefined) return failed(await help(wrong));
  return ok({ version: current.version, snapshot: opened.value, memory: memoryOf(seen) });
}

/** The slots and keys after a commit, and which slot the present key opens then. */
async function openingAfter(
  keys: Change<unknown>["keys"],
  { document, keyring, slot }: Snapshot,
  key: VaultKey,
): Promise<Result<{ readonly slots: readonly Slot[]; readonly keyring: Keyring; readonly slot: Slot }>> {
  if (keys === undefined) return ok({ slots: document.slots, keyring, slot });
  const tried = await openSlots(keys.slots, key, document.storeId);
  if (tried.state === "open") return ok({ ...keys, slot: tried.slot });
  return failed(problem("vault-wrong-key", { reason: "no-slot" }));
}

/** What came back wrong: the text, or a box that was sealed in this commit. */
async function wrongPart(
  readBack: string,
  written: string,
  { storeId, keyring }: Sealer,
  fresh: readonly SealedRecord[],
): Promise<string | undefined> {
  if (readBack !== written) {
    const parsed = await parseDocument(readBack);
    return parsed.state === "damaged" ? parsed.part : "text";
  }
  return brokenBox(storeId, fresh, keyring);
}
