import "server-only";
import { randomBytes } from "node:crypto";
import { basename, dirname } from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { removeLeftOvers } from "./atomic-file.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";
import { documentText, isWhole, parseDocument, sealedDocument } from "./document.ts";
import { type FileStore, fileStore, type Plan } from "./file-store.ts";
import { withHelp } from "./inspect.ts";
import { generateKeyFile, loadKey, type VaultKey } from "./key-source.ts";
import { newKeyring } from "./keyring.ts";
import type { LockChoice } from "./lock.ts";
import { folderProblem } from "./permissions.ts";
import { type NewRecord, opensTo, sealRecord } from "./records.ts";
import { raiseGuard, readGuard } from "./revision-guard.ts";
import { format, formatVersion } from "./seal.ts";
import { makeSlot } from "./slots.ts";
import { openStored, type Vault, vaultOn } from "./vault.ts";
import type { VaultSetup } from "./vault-setup.ts";

export interface VaultOptions {
  /** Turns the plaintext file of Cloak DB 0.3 into records. Without it, such a file is not opened. */
  readonly takeOver?: (json: unknown) => Result<readonly NewRecord[]>;
  readonly disk?: Disk;
  readonly lock?: LockChoice;
}

/**
 * Opens the vault, or makes a new one where there has never been any.
 *
 * @returns the vault, or why it stays locked; then nothing was written. Each carries `path`; `vault-damaged` and
 *   `vault-wrong-key` also `backup`, `backupRev`, `backupSavedAt` and the `command` that puts it back, when there is a
 *   backup that opens with the present key:
 *   - `vault-locked`: the key is not to be had (`reason`)
 *   - `vault-wrong-key`: the key opens no slot
 *   - `vault-damaged`: not what was written (`part`), or not there although there has been one (`reason`)
 *   - `vault-newer-version`: written by a later version of this program (`version`)
 *   - `vault-rolled-back`: this host has seen a later revision (`rev`, `highestRev`; `command` accepts the older one)
 *   - `vault-unsafe-permissions`: others could read or replace it (`command` fixes it)
 *   - `vault-write-failed`: a new vault could not be written (`step`, `error`)
 */
export async function openVault(setup: VaultSetup, options: VaultOptions = {}): Promise<Result<Vault>> {
  const disk = options.disk ?? nodeDisk;
  const store = fileStore(setup.configDir, disk, options.lock);
  const unsafe = await unsafeFolder(disk, setup.stateDir);
  if (unsafe !== undefined) return failed(unsafe);

  const current = await store.read();
  if (!current.ok) return failed(await helped(current.problem, setup, store, disk));
  const found = current.value === undefined ? undefined : parseDocument(current.value.text);
  const isPlain = found?.state === "version-1";
  if (found === undefined || isPlain) {
    const used = await hasBeenUsed(store, setup.stateDir, disk);
    if (used || (isPlain && options.takeOver === undefined)) {
      const reason = isPlain ? (used ? "replaced-by-version-1" : "plaintext") : "missing";
      return failed(await helped(problem("vault-damaged", { reason }), setup, store, disk));
    }
    const begun = await begin(setup, store, disk, isPlain ? options.takeOver : undefined);
    if (!begun.ok) return begun;
  }
  // What needs no key to be seen is said first: with a lost key as well, it is the worse news.
  if (found?.state === "newer") {
    return failed(problem("vault-newer-version", { path: store.path, version: found.version }));
  }
  if (found?.state === "damaged") {
    const trouble = problem("vault-damaged", { reason: "content", part: found.part });
    return failed(await helped(trouble, setup, store, disk));
  }

  const key = await loadKey(setup.key, disk);
  if (!key.ok) return key;
  if (key.value === undefined) return failed(keyMissing(setup));
  const opened = await openStored(setup, store, disk, key.value);
  if (!opened.ok) return opened;
  if (await store.hasLeftOvers()) {
    const cleared = await store.replace(async () => ok({ value: undefined }));
    // What cannot be written now is cleared away by the next commit, which says what is in its way.
    if (!cleared.ok && cleared.problem.code !== "vault-write-failed") return cleared;
  }
  return ok(vaultOn(setup, store, disk, key.value, opened.value));
}

/** Whether there is a vault file already. The command line asks, so that a mere look makes none. */
export async function vaultExists(setup: Pick<VaultSetup, "configDir">): Promise<boolean> {
  const stamp = await fileStore(setup.configDir).stamp();
  return !stamp.ok || stamp.value !== undefined;
}

/** With the newest backup that opens, if the key is to be had. */
async function helped(trouble: Problem, setup: VaultSetup, store: FileStore, disk: Disk): Promise<Problem> {
  const key = await loadKey(setup.key, disk);
  return withHelp(trouble, store, setup.stateDir, key.ok ? key.value : undefined);
}

async function unsafeFolder(disk: Disk, path: string) {
  try {
    return folderProblem(path, await disk.stat(path));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** A file that is gone is not a fresh install: an empty vault in its place would hide the loss. */
async function hasBeenUsed(store: FileStore, stateDir: string, disk: Disk): Promise<boolean> {
  return (await readGuard(stateDir, disk)) !== undefined || (await store.backups()).length > 0;
}

function keyMissing(setup: VaultSetup) {
  const path = setup.key.from === "generated" ? setup.key.path : "";
  return problem("vault-locked", { reason: "key-file-missing", path });
}

/** Writes the first revision: empty, or with what the plaintext file of version 0.3 held. */
async function begin(
  setup: VaultSetup,
  store: FileStore,
  disk: Disk,
  takeOver: VaultOptions["takeOver"],
): Promise<Result<void>> {
  const given = await loadKey(setup.key, disk);
  if (!given.ok) return given;
  const failure = await makeFolders(disk, [setup.configDir, setup.stateDir]);
  if (failure !== undefined) return failed(failure);

  return store.replace(async (current): Promise<Result<Plan<void>>> => {
    const parsed = current === undefined ? undefined : parseDocument(current.text);
    const plain = parsed?.state === "version-1" ? { json: parsed.json } : undefined;
    // Another process was quicker; what it made is looked at like any other file.
    if (current !== undefined && plain === undefined) return ok({ value: undefined });
    const taken = plain === undefined ? ok([]) : takeOver?.(plain.json);
    if (taken === undefined) return ok({ value: undefined });
    if (!taken.ok) return taken;
    const key = await keyForNew(setup, disk);
    return key.ok ? ok(await firstRevision(setup, disk, key.value, taken.value, plain !== undefined)) : key;
  });
}

async function makeFolders(disk: Disk, paths: readonly string[]) {
  for (const path of paths) {
    try {
      await disk.mkdir(path, { recursive: true, mode: 0o700 });
      const unsafe = await unsafeFolder(disk, path);
      if (unsafe !== undefined) return unsafe;
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      return problem("vault-write-failed", { path, step: "folder", error: code, saved: false });
    }
  }
  return undefined;
}

async function keyForNew(setup: VaultSetup, disk: Disk): Promise<Result<VaultKey>> {
  const key = await loadKey(setup.key, disk);
  if (!key.ok) return key;
  if (key.value !== undefined) return ok(key.value);
  const path = setup.key.from === "generated" ? setup.key.path : "";
  try {
    await disk.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await removeLeftOvers(disk, dirname(path), (name) => name === basename(path));
    return ok(await generateKeyFile(path, disk));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    // A console with another config folder and the same state folder: both use the one key.
    const theirs = code === "EEXIST" ? await loadKey(setup.key, disk) : undefined;
    if (theirs?.ok && theirs.value !== undefined) return ok(theirs.value);
    return failed(problem("vault-write-failed", { path, step: "key", error: code, saved: false }));
  }
}

async function firstRevision(
  setup: VaultSetup,
  disk: Disk,
  key: VaultKey,
  records: readonly NewRecord[],
  wipe: boolean,
): Promise<Plan<void>> {
  const keyring = newKeyring();
  const storeId = randomBytes(16).toString("base64url");
  const sealer = { storeId, keyring };
  const document = sealedDocument(
    {
      format,
      v: formatVersion,
      storeId,
      rev: 1,
      slots: [await makeSlot(keyring, key, storeId)],
      records: records.map((record) => sealRecord(record, sealer)),
    },
    keyring,
  );
  return {
    value: undefined,
    write: {
      text: documentText(document),
      check: async (readBack) => {
        const parsed = parseDocument(readBack);
        if (parsed.state !== "sealed" || !isWhole(parsed.document, keyring)) return "mac";
        const at = records.findIndex((record, index) => {
          const sealed = parsed.document.records[index];
          return sealed === undefined || !opensTo(sealed, record, sealer);
        });
        return at === -1 ? undefined : `records.${at}`;
      },
      previous: wipe ? "overwrite" : "none",
      after: async () => {
        await raiseGuard(setup.stateDir, storeId, { rev: 1, mac: document.mac }, disk);
      },
    },
  };
}
