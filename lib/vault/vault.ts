import "server-only";
import { hkdfSync } from "node:crypto";
import type { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ChainedLog, chainedLog } from "./chained-log.ts";
import type { Disk } from "./disk.ts";
import {
  brokenBox,
  documentText,
  isWhole,
  largestFile,
  parseDocument,
  type SealedRecord,
  sealedDocument,
} from "./document.ts";
import type { FileStore, StoredText } from "./file-store.ts";
import { inspect, rollback, type Snapshot, withHelp } from "./inspect.ts";
import type { VaultKey } from "./key-source.ts";
import { raiseGuard, readGuard } from "./revision-guard.ts";
import { type SealedFile, sealedFile } from "./sealed-file.ts";
import { type VaultFacts, vaultFacts } from "./vault-facts.ts";
import type { VaultSetup } from "./vault-setup.ts";

/** What the console keeps, sealed in one file. It is only made once the file has been opened. */
export interface Vault {
  /** The vault as it is now. The file is read again only when it has changed, by whichever process. */
  read(): Promise<Result<Snapshot>>;
  /**
   * Changes the records in one commit. `change` sees the freshest records, under the lock, and gives the new list and
   * what to answer; its own problem leaves the file untouched.
   */
  commit<T>(change: (snapshot: Snapshot) => Result<Change<T>>): Promise<Result<T>>;
  /**
   * A 32-byte key for another room, always the same for a purpose, as in `session tokens`. A purpose that begins with
   * `audit` comes from a key of its own.
   */
  deriveKey(purpose: string): Buffer;
  /** For the Security page: where the key and the data lie, the revision, the backups. */
  facts(): Promise<Result<VaultFacts>>;
  /** Another sealed document beside the configuration, `<name>.json`: without backups and revision. */
  sealedFile(name: string): SealedFile;
  /** A log beside the configuration, `<name>.jsonl`, that only grows, chained with the audit key. */
  chainedLog<T extends object>(name: string, schema: z.ZodType<T>): ChainedLog<T>;
}

export interface Change<T> {
  readonly records: readonly SealedRecord[];
  readonly value: T;
}

/** A vault that was opened just now, at `first`. */
export function vaultOn(
  setup: VaultSetup,
  store: FileStore,
  disk: Disk,
  key: VaultKey,
  first: { readonly stamp: string; readonly snapshot: Snapshot },
): Vault {
  let latest = first;

  async function read(): Promise<Result<Snapshot>> {
    const stamp = await store.stamp();
    if (!stamp.ok) return failed(await withHelp(stamp.problem, store, setup.stateDir, key));
    if (stamp.value === latest.stamp) return ok(latest.snapshot);
    const found = await openStored(setup, store, disk, key);
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
      store.replace(async (current) => {
        const found = await judge(setup, store, disk, key, current);
        if (!found.ok) return found;
        const { document, keyring } = found.value.snapshot;
        const changed = change(found.value.snapshot);
        if (!changed.ok) return changed;

        const records = [...changed.value.records];
        const rev = Math.max(document.rev, ...(await store.backups()).map((backup) => backup.rev)) + 1;
        const next = sealedDocument({ ...document, rev, records }, keyring);
        const text = documentText(next);
        if (Buffer.byteLength(text) > largestFile) {
          const facts = { path: store.path, step: "size", error: "EFBIG", saved: false };
          return failed(problem("vault-write-failed", facts));
        }
        const before = new Set(document.records);
        const fresh = records.filter((record) => !before.has(record));
        return ok({
          value: changed.value.value,
          write: {
            text,
            check: async (readBack) => wrongPart(readBack, found.value.snapshot, fresh),
            previous: { keepAs: document.rev },
            after: async (stamp) => {
              latest = { stamp, snapshot: { ...found.value.snapshot, document: next } };
              await raiseGuard(setup.stateDir, next.storeId, { rev, mac: next.mac }, disk);
            },
          },
        });
      }),
    deriveKey,
    facts: async () => {
      const snapshot = await read();
      return snapshot.ok ? ok(await vaultFacts(snapshot.value, setup, store, disk)) : snapshot;
    },
    sealedFile: (name) => sealedFile(name, { folder: setup.configDir, store, disk, read }),
    chainedLog: (name, schema) =>
      chainedLog(name, {
        folder: setup.configDir,
        stateDir: setup.stateDir,
        disk,
        schema,
        storeId: latest.snapshot.document.storeId,
        key: deriveKey(`audit chain of ${name}`),
        exclusively: store.exclusively,
      }),
  };
}

/** Reads the file and opens it. */
export async function openStored(
  setup: VaultSetup,
  store: FileStore,
  disk: Disk,
  key: VaultKey,
): Promise<Result<{ readonly stamp: string; readonly snapshot: Snapshot }>> {
  // The guard first: it never runs ahead of the file, so a commit between the two reads cannot look like a rollback.
  const guard = await readGuard(setup.stateDir, disk);
  const current = await store.read();
  if (!current.ok) return failed(await withHelp(current.problem, store, setup.stateDir, key));
  return judge(setup, store, disk, key, current.value, guard);
}

type Guard = Awaited<ReturnType<typeof readGuard>>;

async function judge(
  setup: VaultSetup,
  store: FileStore,
  disk: Disk,
  key: VaultKey,
  current: StoredText | undefined,
  guard?: Guard,
): Promise<Result<{ readonly stamp: string; readonly snapshot: Snapshot }>> {
  const help = (trouble: Parameters<typeof withHelp>[0]) => withHelp(trouble, store, setup.stateDir, key);
  if (current === undefined) return failed(await help(problem("vault-damaged", { reason: "missing" })));
  const opened = await inspect(current.text, key);
  if (!opened.ok) return failed(await help(opened.problem));
  const highest = (guard ?? (await readGuard(setup.stateDir, disk)))?.[opened.value.document.storeId];
  const older = rollback(opened.value.document, highest, setup.stateDir);
  if (older !== undefined) return failed(await help(older));
  return ok({ stamp: current.stamp, snapshot: opened.value });
}

/** What came back wrong from the disk: the seal, or a box that was sealed in this commit. */
function wrongPart(text: string, snapshot: Snapshot, fresh: readonly SealedRecord[]): string | undefined {
  const parsed = parseDocument(text);
  if (parsed.state !== "sealed") return parsed.state === "damaged" ? parsed.part : "format";
  if (!isWhole(parsed.document, snapshot.keyring)) return "mac";
  return brokenBox(snapshot.document.storeId, fresh, snapshot.keyring);
}
