import "server-only";
import { randomBytes } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import {
  leftOvers,
  readText,
  removeLeftOvers,
  removeQuietly,
  syncFolder,
  writeBeside,
} from "./atomic-file.ts";
import { type Backup, backupsToDrop, backupsToKeep, revisionOfBackup } from "./backups.ts";
import { type Disk, nodeDisk, systemErrorCode } from "./disk.ts";
import { largestFile } from "./document.ts";
import type { Lock } from "./held-lock.ts";
import { acquireLock, type LockChoice } from "./lock.ts";
import { closedPathProblem, folderProblem, privateFileProblem } from "./permissions.ts";

/** One file that is replaced as a whole, with its backups. It cannot read what it keeps. */
export interface FileStore {
  readonly path: string;
  /** Changes whenever the file does; undefined when there is none. Cheap: two looks, no read. */
  stamp(): Promise<Result<string | undefined>>;
  read(): Promise<Result<StoredText | undefined>>;
  /**
   * The commit protocol. Under the lock: reads the file afresh, asks `plan` what to write, writes it beside, syncs,
   * reads it back, keeps the old one as a backup, renames, syncs the folders.
   * @returns the plan's own problem, or `vault-write-failed` with `step` and `saved`; whatever fails before the
   *   rename leaves the old file as it was
   */
  replace<T>(plan: (current: StoredText | undefined) => Promise<Result<Plan<T>>>): Promise<Result<T>>;
  /** Runs something else that must not meet a commit. */
  exclusively<T>(work: () => Promise<Result<T>>): Promise<Result<T>>;
  /** Newest first. */
  backups(): Promise<readonly Backup[]>;
  readBackup(backup: Backup): Promise<string | undefined>;
  /** Whether a killed process left something that the next commit will clear away. */
  hasLeftOvers(): Promise<boolean>;
}

export interface StoredText {
  readonly text: string;
  readonly stamp: string;
}

export interface Plan<T> {
  readonly value: T;
  /** Undefined leaves the file as it is. */
  readonly write?: {
    readonly text: string;
    /** What is wrong with the text as it was read back; undefined when it is good. */
    check(readBack: string): Promise<string | undefined>;
    /**
     * What becomes of the file that is replaced: kept as a backup under its revision, or overwritten in place because
     * it held secrets in clear.
     */
    readonly previous: { readonly keepAs: number } | "overwrite" | "none";
    /** Runs under the lock when the new file is safely in place, with its stamp. */
    after(stamp: string): Promise<void>;
  };
}

/** A store for the file `config.json` of a folder. Neither needs to exist. */
export function fileStore(folder: string, disk: Disk = nodeDisk, lockChoice: LockChoice = {}): FileStore {
  const path = join(folder, "config.json");
  let queue: Promise<unknown> = Promise.resolve();

  /** One after another in this process, then one process at a time. */
  function exclusively<T>(work: (lock: Lock) => Promise<Result<T>>): Promise<Result<T>> {
    const turn = queue.then(async () => {
      const place = await findFile(disk, path);
      if (!place.ok) return place;
      const lock = await takeLock(disk, place.value.target, lockChoice);
      if (!lock.ok) return lock;
      try {
        await removeLeftOvers(disk, folder, isConfig);
        await removeLeftOvers(disk, dirname(place.value.target), isTarget(place.value.target));
        return await work(lock.value);
      } catch (error) {
        // Out of descriptors, a disk that does not answer: nothing was written yet, and the next try may succeed.
        return failed(writeProblem(place.value.target, "read", knownCode(error), false));
      } finally {
        await lock.value.release();
      }
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  return {
    path,
    stamp: async () => {
      const place = await findFile(disk, path);
      return place.ok ? ok(place.value.stamp) : place;
    },
    read: () => readStored(disk, path),
    exclusively: (work) => exclusively(() => work()),
    replace: (plan) =>
      exclusively(async (lock) => {
        const current = await readStored(disk, path);
        if (!current.ok) return current;
        const planned = await plan(current.value);
        if (!planned.ok) return planned;
        const { write, value } = planned.value;
        if (write === undefined) return ok(value);
        const place = await findFile(disk, path);
        if (!place.ok) return place;
        const trouble = await commit(disk, place.value.target, write, lock);
        return trouble === undefined ? ok(value) : failed(trouble);
      }),
    backups: async () => {
      const place = await findFile(disk, path);
      return listBackups(disk, backupFolder(place.ok ? place.value.target : path));
    },
    readBackup: async (backup) => {
      try {
        return backup.bytes > largestFile ? undefined : await readText(disk, backup.path);
      } catch (error) {
        if (systemErrorCode(error) !== undefined) return undefined;
        throw error;
      }
    },
    hasLeftOvers: async () => (await leftOvers(disk, folder, isConfig)).length > 0,
  };
}

/** The sealed files beside the configuration are written under the same lock. */
const isConfig = (name: string) => /^[a-z-]+\.json$/.test(name);
const isTarget = (target: string) => (name: string) => name === basename(target);

interface Place {
  /** The file itself, past a link that a dotfile manager may have put there. */
  readonly target: string;
  readonly stamp: string | undefined;
}

async function findFile(disk: Disk, path: string): Promise<Result<Place>> {
  let looked = path;
  try {
    const unsafe = folderProblem(dirname(path), await disk.stat(dirname(path)));
    if (unsafe !== undefined) return failed(unsafe);
    let found = await disk.lstat(path, { bigint: true });
    if (!found.isSymbolicLink()) return lookedAt(path, found);

    looked = await disk.realpath(path).catch((error: unknown) => {
      if (systemErrorCode(error) === "ENOENT") throw new BrokenLink();
      throw error;
    });
    const unsafeTarget = folderProblem(dirname(looked), await disk.stat(dirname(looked)));
    if (unsafeTarget !== undefined) return failed(unsafeTarget);
    found = await disk.lstat(looked, { bigint: true });
    return lookedAt(looked, found);
  } catch (error) {
    if (error instanceof BrokenLink) return failed(problem("vault-damaged", { reason: "link-broken", path }));
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return ok({ target: path, stamp: undefined });
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(looked, code));
    throw error;
  }
}

class BrokenLink extends Error {}

function lookedAt(target: string, found: BigIntStats): Result<Place> {
  if (!found.isFile()) return failed(problem("vault-damaged", { reason: "not-a-file", path: target }));
  const unsafe = privateFileProblem(target, { mode: Number(found.mode), uid: Number(found.uid) });
  if (unsafe !== undefined) return failed(unsafe);
  if (found.size > BigInt(largestFile)) {
    return failed(problem("vault-damaged", { reason: "too-large", path: target }));
  }
  return ok({ target, stamp: stampOf(found) });
}

/** A commit makes a new inode; the backups keep the old ones from being used again at once. */
function stampOf(found: BigIntStats): string {
  return `${found.dev}:${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`;
}

async function readStored(disk: Disk, path: string): Promise<Result<StoredText | undefined>> {
  const place = await findFile(disk, path);
  if (!place.ok) return place;
  if (place.value.stamp === undefined) return ok(undefined);
  const { target } = place.value;
  try {
    const handle = await disk.open(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const stamp = stampOf(await handle.stat({ bigint: true }));
      const bytes = await handle.readFile();
      const text = bytes.toString("utf8");
      // A byte that is not UTF-8 would be replaced in silence.
      if (!Buffer.from(text, "utf8").equals(bytes)) {
        return failed(problem("vault-damaged", { reason: "unreadable", path, part: "utf-8" }));
      }
      return ok({ text, stamp });
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = systemErrorCode(error);
    // Replaced between the two looks: the next one finds the new file.
    if (code === "ENOENT") return readStored(disk, path);
    if (code === "EACCES" || code === "EPERM") return failed(closedPathProblem(target, code));
    if (code === "EIO") return failed(problem("vault-damaged", { reason: "unreadable", path, error: code }));
    throw error;
  }
}

async function takeLock(disk: Disk, target: string, choice: LockChoice): Promise<Result<Lock>> {
  const path = `${target}.lock`;
  try {
    const handle = await disk.open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
    await handle.close();
    const lock = await acquireLock(path, choice);
    return lock === undefined ? failed(writeProblem(target, "lock", "EBUSY", false)) : ok(lock);
  } catch (error) {
    return failed(writeProblem(target, "lock", knownCode(error), false));
  }
}

/** Undefined when the new file is in place. */
async function commit(
  disk: Disk,
  target: string,
  write: NonNullable<Plan<unknown>["write"]>,
  lock: Lock,
): Promise<Problem | undefined> {
  let step = "write";
  let temporary: string | undefined;
  const folder = dirname(target);
  const wipe = write.previous === "overwrite" ? await openToWipe(disk, target) : undefined;
  try {
    temporary = await writeBeside(disk, target, write.text);
    step = "read-back";
    const wrong = await write.check(await readText(disk, temporary));
    if (wrong !== undefined) {
      await removeQuietly(disk, temporary);
      return problem("vault-write-failed", { path: target, step, part: wrong, saved: false });
    }
    step = "backup";
    if (typeof write.previous === "object") await keepBackup(disk, target, write.previous.keepAs);
    step = "lock";
    if (!(await lock.held())) throw new LockLost();
    step = "rename";
    await disk.rename(temporary, target);
  } catch (error) {
    if (temporary !== undefined) await removeQuietly(disk, temporary);
    await wipe?.close();
    return writeProblem(target, step, knownCode(error), false);
  }

  try {
    // A failed sync is not tried again: the kernel may have dropped the pages and would report success.
    await syncFolder(disk, folder);
    if (typeof write.previous === "object") {
      await syncFolder(disk, backupFolder(target));
      await dropBackups(disk, target);
    }
    await write.after(stampOf(await disk.lstat(target, { bigint: true })));
    return undefined;
  } catch (error) {
    return writeProblem(target, "sync", knownCode(error), true);
  } finally {
    await wipe?.wipe();
  }
}

class LockLost extends Error {
  readonly code = "ENOLCK";
  readonly syscall = "flock";
}

function writeProblem(path: string, step: string, error: string, saved: boolean): Problem {
  return problem("vault-write-failed", { path, step, error, saved });
}

/** The code of a system error; anything else is a mistake of ours and goes on being thrown. */
function knownCode(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  return code;
}

function backupFolder(target: string): string {
  return join(dirname(target), "backups");
}

/** A second name for the file as it is: no copy, so no moment at which it is half there. */
async function keepBackup(disk: Disk, target: string, rev: number): Promise<void> {
  const folder = backupFolder(target);
  await disk.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `config.${rev}.json`);
  try {
    await linkOrCopy(disk, target, path);
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
    // A commit that was killed after this step, or a file that was put back from this very backup.
    if ((await readText(disk, path)) === (await readText(disk, target))) return;
    await linkOrCopy(disk, target, join(folder, `config.${rev}-${randomBytes(4).toString("hex")}.json`));
  }
}

/** Some network and removable file systems have no links. */
async function linkOrCopy(disk: Disk, from: string, to: string): Promise<void> {
  try {
    await disk.link(from, to);
  } catch (error) {
    const code = systemErrorCode(error) ?? "";
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code)) throw error;
    await disk.copyFile(from, to, constants.COPYFILE_EXCL);
    const handle = await disk.open(to, "r+");
    await handle.sync().finally(() => handle.close());
  }
}

async function listBackups(disk: Disk, folder: string): Promise<readonly Backup[]> {
  let names: string[];
  try {
    names = await disk.readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return [];
    throw error;
  }
  const found = await Promise.all(
    names.map(async (name) => {
      const rev = revisionOfBackup(name);
      if (rev === undefined) return undefined;
      const path = join(folder, name);
      const stats = await disk.lstat(path).catch(() => undefined);
      if (stats === undefined || !stats.isFile()) return undefined;
      return { path, rev, bytes: stats.size, savedAt: stats.mtime.toISOString() };
    }),
  );
  return found
    .filter((backup) => backup !== undefined)
    .sort((a, b) => b.rev - a.rev || (a.savedAt < b.savedAt ? 1 : -1));
}

async function dropBackups(disk: Disk, target: string): Promise<void> {
  const all = await listBackups(disk, backupFolder(target));
  if (all.length <= backupsToKeep) return;
  for (const backup of backupsToDrop(all)) await removeQuietly(disk, backup.path);
}

/**
 * Opens a plaintext file before it is replaced, to overwrite what it held afterwards. Best effort: journals,
 * snapshots and flash storage may keep copies that no program can reach. A file with other names is left alone.
 */
async function openToWipe(disk: Disk, target: string) {
  try {
    const handle = await disk.open(target, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    return {
      close: () => handle.close(),
      wipe: async () => {
        try {
          const { size, nlink } = await handle.stat();
          if (nlink > 0) return;
          await handle.write(Buffer.alloc(size), 0, size, 0);
          await handle.sync();
        } catch (error) {
          knownCode(error);
        } finally {
          await handle.close();
        }
      },
    };
  } catch (error) {
    knownCode(error);
    return undefined;
  }
}
