import "server-only";
import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import { type BigIntStats, constants } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { largestFile } from "#lib/vault/document.ts";
import type { EarlierRevision, Kept, Plan, StoredRecords } from "#lib/vault/store.ts";
import {
  leftOvers,
  readText,
  removeLeftOvers,
  removeQuietly,
  syncFolder,
  writeBeside,
} from "./atomic-file.ts";
import { backupsToDrop, revisionOfBackup, usualBackupDays } from "./backups.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { acquireLock, type Lock, removeDeadWaiters } from "./lock.ts";
import { busyProblem, newHolder } from "./lock-holder.ts";
import { isLogName } from "./log-parts.ts";
import { readMark, writeMark } from "./moved-mark.ts";
import { isNotebook, notebookFolder } from "./notebook-folder.ts";
import { closedPathProblem, folderProblem, privateFileProblem } from "./permissions.ts";
import type { VaultFolders } from "./vault-folders.ts";

/** One file that is replaced as a whole, with its backups, and the lock that goes with it. */
export interface RecordsFile {
  readonly path: string;
  readonly records: StoredRecords;
  /** What is unsafe about the folder, or about the file where there is one. */
  examine(): Promise<Result<void>>;
  /**
   * Runs something else that must not meet a commit.
   * @param done asked when its turn comes, before the lock is taken: the answer, where somebody has done the work meanwhile
   * @returns its own problem, `vault-busy`, or what `examine` says
   */
  exclusively<T>(work: () => Promise<Result<T>>, done?: () => Result<T> | undefined): Promise<Result<T>>;
}

/**
 * The file `config.json` of a folder. Neither needs to exist.
 *
 * The commit protocol: under the lock the file is read afresh, the new one is written beside it, synced and read back,
 * the old one kept as a backup, the new one renamed over it, the folders synced. Whatever fails before the rename leaves
 * the old file as it was.
 * @param patience how long whoever wants to write waits from the moment of asking, ms
 * @param backupDays how long a backup stays after it was replaced
 */
export function recordsFile(
  folders: VaultFolders,
  disk: Disk,
  patience: number,
  backupDays: number = usualBackupDays,
): RecordsFile {
  const folder = folders.configDir;
  const path = join(folder, "config.json");
  let queue: Promise<unknown> = Promise.resolve();

  /** One after another in this process, then one process at a time; both within the one deadline. */
  function exclusively<T>(
    work: (lock: Lock, target: string) => Promise<Result<T>>,
    done: () => Result<T> | undefined = () => undefined,
  ): Promise<Result<T>> {
    const until = performance.now() + patience;
    let state: "waiting" | "begun" | "given-up" = "waiting";
    const turn = queue.then(async (): Promise<Result<T>> => {
      if (state === "given-up") return failed(busyProblem(path, await newHolder()));
      state = "begun";
      return done() ?? locked(until, work);
    });
    queue = turn.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(async () => {
        if (state !== "waiting") return;
        state = "given-up";
        resolve(failed(busyProblem(path, await newHolder())));
      }, patience);
      turn.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async function locked<T>(
    until: number,
    work: (lock: Lock, target: string) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const place = await findFileToWrite();
    if (!place.ok) return place;
    const { target } = place.value;
    const lock = await takeLock(disk, target, until);
    if (!lock.ok) return lock;
    try {
      return await work(lock.value, target);
    } catch (error) {
      // Out of descriptors, a disk that does not answer: nothing was written yet, and the next try may succeed.
      return failed(writeProblem(target, "read", knownCode(error), false));
    } finally {
      await lock.value.release();
    }
  }

  /** What killed processes left. A save does it, a line of the log does not: those are many, and each look costs. */
  async function clearAway(target: string): Promise<void> {
    await removeLeftOvers(disk, folder, isConfig);
    await removeLeftOvers(disk, dirname(target), isTarget(target));
    await removeLeftOvers(disk, folders.stateDir, isKeptApart);
    await removeLeftOvers(disk, backupFolder(target), (name) => revisionOfBackup(name) !== undefined);
    await removeLeftOvers(disk, notebookFolder(folder), isNotebook);
    await removeDeadWaiters(disk, `${target}.lock`);
  }

  async function replace<T>(
    plan: (current: Kept | undefined) => Promise<Result<Plan<T>>>,
  ): Promise<Result<T>> {
    return exclusively(async (lock, target) => {
      await clearAway(target);
      const current = await readStored(disk, path);
      if (!current.ok) return current;
      const planned = await plan(current.value);
      if (!planned.ok) return planned;
      const { write, value } = planned.value;
      if (write === undefined) return ok(value);
      const place = await findFile(disk, path);
      if (!place.ok) return place;
      const trouble = await commit(disk, place.value.target, write, lock, backupDays);
      return trouble === undefined ? ok(value) : failed(trouble);
    });
  }

  async function examine(): Promise<Result<void>> {
    const place = await findFileToWrite();
    return place.ok ? ok(undefined) : place;
  }

  /** Where something is to be written, what the system refuses is a problem like any other of the write. */
  async function findFileToWrite(): Promise<Result<Place>> {
    try {
      return await findFile(disk, path);
    } catch (error) {
      return failed(writeProblem(path, "read", knownCode(error), false));
    }
  }

  return {
    path,
    examine,
    exclusively: (work, done) => exclusively(() => work(), done),
    records: {
      form: "text",
      examine: async () => {
        const unsafe = await unsafeFolder(disk, folders.stateDir);
        if (unsafe !== undefined) return failed(unsafe);
        const moved = await readMark(disk, folder);
        return moved === undefined ? ok(undefined) : failed(problem("vault-moved", { path, to: moved }));
      },
      prepare: () => makeFolders(disk, [folder, folders.stateDir]),
      version: async () => {
        const place = await findFile(disk, path);
        return place.ok ? ok(place.value.stamp) : place;
      },
      read: () => readStored(disk, path),
      replace,
      earlier: async () => {
        const place = await findFile(disk, path);
        return listBackups(disk, backupFolder(place.ok ? place.value.target : path));
      },
      readEarlier: async (backup) => {
        try {
          return backup.bytes > largestFile ? undefined : await readText(disk, backup.place);
        } catch (error) {
          if (systemErrorCode(error) !== undefined) return undefined;
          throw error;
        }
      },
      rewriteEarlier: (backup, text) => exclusively(() => rewriteBackup(disk, backup, text)),
      traces: async () => {
        const names = await disk.readdir(folder).catch((error: unknown): string[] => {
          knownCode(error);
          return [];
        });
        const found: string[] = [];
        for (const name of names.sort()) {
          const file = join(folder, name);
          if (isLogName(name) || (isConfig(name) && (await isSealed(disk, file)))) found.push(file);
        }
        return found;
      },
      markMoved: (to) => exclusively(() => writeMark(disk, folder, to)),
      tidy: async () => {
        if ((await leftOvers(disk, folder, isConfig)).length > 0) {
          const cleared = await replace(async () => ok({ value: undefined }));
          if (!cleared.ok) return cleared;
        }
        const place = await findFile(disk, path);
        if (!place.ok) return place;
        if ((await backupsOver(disk, place.value.target, backupDays)).length === 0) return ok(undefined);
        return exclusively(async (_, target) => {
          await dropBackups(disk, target, backupDays);
          return ok(undefined);
        });
      },
    },
  };
}

/** Whether a file is one of our sealed documents: a folder may hold somebody else's as well. */
async function isSealed(disk: Disk, path: string): Promise<boolean> {
  try {
    return (await readText(disk, path)).startsWith('{"format":"cloak-sealed"');
  } catch (error) {
    knownCode(error);
    return false;
  }
}

async function unsafeFolder(disk: Disk, path: string): Promise<Problem | undefined> {
  try {
    return folderProblem(path, await disk.stat(path));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function makeFolders(disk: Disk, paths: readonly string[]): Promise<Result<void>> {
  for (const path of paths) {
    try {
      await disk.mkdir(path, { recursive: true, mode: 0o700 });
      const unsafe = await unsafeFolder(disk, path);
      if (unsafe !== undefined) return failed(unsafe);
    } catch (error) {
      return failed(writeProblem(path, "folder", knownCode(error), false));
    }
  }
  return ok(undefined);
}

/** The sealed files beside the configuration are written under the same lock. */
const isConfig = (name: string) => /^[a-z-]+\.json$/.test(name);
/** What the state folder holds: half a key or token of a killed process would lie there for ever. */
const isKeptApart = (name: string) =>
  /^(setup-token|sign-in-link\.json|vault\.key|highest-revision\.json)$/.test(name);
const isTarget = (target: string) => (name: string) => name === basename(target);

interface Place {
  /** The file itself, past a link that a dotfile manager may have put there. */
  readonly target: string;
  readonly stamp: string | undefined;
}

async function findFile(disk: Disk, path: string): Promise<Result<Place>> {
  let looked = path;
  try {
    // Asked together: every line of the log waits for these two.
    const [folder, asked] = await Promise.allSettled([
      disk.stat(dirname(path)),
      disk.lstat(path, { bigint: true }),
    ]);
    if (folder.status === "rejected") throw folder.reason;
    const unsafe = folderProblem(dirname(path), folder.value);
    if (unsafe !== undefined) return failed(unsafe);
    if (asked.status === "rejected") throw asked.reason;
    let found = asked.value;
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

async function readStored(disk: Disk, path: string): Promise<Result<Kept | undefined>> {
  const place = await findFile(disk, path);
  if (!place.ok) return place;
  if (place.value.stamp === undefined) return ok(undefined);
  const { target } = place.value;
  try {
    const handle = await disk.open(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const stamp = stampOf(await handle.stat({ bigint: true }));
      const bytes = await handle.readFile();
      // A byte that is not UTF-8 would be replaced in silence.
      if (!isUtf8(bytes)) {
        return failed(problem("vault-damaged", { reason: "unreadable", path, part: "utf-8" }));
      }
      return ok({ text: bytes.toString("utf8"), version: stamp });
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

async function takeLock(disk: Disk, target: string, until: number): Promise<Result<Lock>> {
  try {
    const taken = await acquireLock(disk, `${target}.lock`, until);
    return "lock" in taken ? ok(taken.lock) : failed(busyProblem(target, taken.holder));
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
  backupDays: number,
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
      await dropBackups(disk, target, backupDays);
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
  readonly syscall = "stat";
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

async function listBackups(disk: Disk, folder: string): Promise<readonly EarlierRevision[]> {
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
      return { place: path, rev, bytes: stats.size, savedAt: stats.mtime.toISOString() };
    }),
  );
  return found
    .filter((backup) => backup !== undefined)
    .sort((a, b) => b.rev - a.rev || (a.savedAt < b.savedAt ? 1 : -1));
}

/** Which backups of the file at `target` are over, by number or age. */
async function backupsOver(disk: Disk, target: string, days: number): Promise<readonly EarlierRevision[]> {
  const all = await listBackups(disk, backupFolder(target));
  const present = await disk.lstat(target).catch(() => undefined);
  const presentSavedAt = (present?.mtime ?? new Date()).toISOString();
  return backupsToDrop(all, { presentSavedAt, days, now: Date.now() });
}

async function dropBackups(disk: Disk, target: string, days: number): Promise<void> {
  for (const backup of await backupsOver(disk, target, days)) await removeQuietly(disk, backup.place);
}

/**
 * Puts a text in a backup's place, with the time that it had, or takes it away; what it held is overwritten. Only under
 * the lock: in the middle of a commit a backup is a second name of the configuration itself.
 */
async function rewriteBackup(
  disk: Disk,
  backup: EarlierRevision,
  text: string | undefined,
): Promise<Result<void>> {
  const wipe = await openToWipe(disk, backup.place);
  const folder = dirname(backup.place);
  let temporary: string | undefined;
  try {
    if (text === undefined) {
      await disk.unlink(backup.place);
    } else {
      temporary = await writeBeside(disk, backup.place, text);
      const savedAt = new Date(backup.savedAt);
      const handle = await disk.open(temporary, "r+");
      await handle.utimes(savedAt, savedAt).finally(() => handle.close());
      await disk.rename(temporary, backup.place);
    }
    await syncFolder(disk, folder);
    return ok(undefined);
  } catch (error) {
    if (temporary !== undefined) await removeQuietly(disk, temporary);
    const code = knownCode(error);
    // Thinned by a save meanwhile: it is gone, as was asked.
    if (code === "ENOENT" && text === undefined) return ok(undefined);
    return failed(writeProblem(backup.place, "backup", code, false));
  } finally {
    await wipe?.wipe();
  }
}

/**
 * Opens a file before it is replaced, to overwrite what it held afterwards. Best effort: journals,
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
