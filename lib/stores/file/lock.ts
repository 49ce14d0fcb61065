import "server-only";
import { constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { removeQuietly } from "./atomic-file.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import { beatText, type LockHolder, lifeOf, newHolder, parseHolder } from "./lock-holder.ts";

/** One process alone may write. */
export interface Lock {
  /** The file that says who holds it. */
  readonly file: string;
  /** Whether it is still ours. Asked once more right before what cannot be undone. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/** Who holds it; undefined when that cannot be read. */
export interface Busy {
  readonly holder: LockHolder | undefined;
}

/**
 * Waits for the lock at `path`.
 *
 * The lock is a folder with one file in it, which says who holds it; an empty folder, or none, is free. A process makes
 * its own folder beside it, with its file, and renames that over the free one: a folder cannot be renamed over one that
 * is not empty (rename(2)), so one alone succeeds, and the file is there in the same moment. Every file has a name of
 * its own, so that whoever clears away a dead holder's can never hit a living one's. Nothing of this needs hard links,
 * another program or a clock that is right.
 *
 * A holder that is known to be gone is followed at once; one that is known to be there never, however long it is silent:
 * a stopped process goes on where it stopped. One that cannot be looked at (another host, another container) is followed
 * when its file has not changed for 20 s of our own monotonic clock.
 * @param until by `performance.now()`
 * @throws the system's error
 */
export async function acquireLock(
  disk: Disk,
  path: string,
  until: number,
): Promise<{ readonly lock: Lock } | Busy> {
  const holder = await newHolder();
  const mine = `${path}.${holder.token}`;
  let made = false;
  let held = false;
  try {
    for (;;) {
      if (!made) await layOut(disk, mine, holder);
      const outcome = await tryRename(disk, mine, path);
      held = outcome === "held";
      if (held) return { lock: heldLock(disk, path, holder) };
      made = outcome !== "not-made";
      const other = outcome === "taken" ? await presentHolder(disk, path) : "gone";
      if (other === "gone") continue;
      if (performance.now() >= until) return { holder: other };
      await sleep(Math.min(3 + Math.random() * 22, Math.max(0, until - performance.now())));
    }
  } finally {
    if (!held) await removeFolder(disk, mine, holder.token);
  }
}

/**
 * Removes what killed processes left that waited for the lock at `path`. Only for who holds it.
 */
export async function removeDeadWaiters(disk: Disk, path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const name of await disk.readdir(dirname(path))) {
    const token = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    if (!/^[0-9a-f]{16}$/.test(token)) continue;
    const folder = join(dirname(path), name);
    const holder = parseHolder(await contentOf(disk, join(folder, token)));
    // One without a file may be about to get it, and makes itself anew when it is gone.
    if (holder === undefined || (await lifeOf(holder)) === "gone") await removeFolder(disk, folder, token);
  }
}

const silence = 20_000;
const heartbeat = 5_000;

/** Makes our own folder with our file in it, or makes it anew when somebody cleared it away. */
async function layOut(disk: Disk, folder: string, holder: LockHolder): Promise<void> {
  try {
    await disk.mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
    if ((await disk.readdir(folder).catch((): string[] => [])).includes(holder.token)) return;
  }
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const handle = await disk.open(join(folder, holder.token), flags, 0o600);
    try {
      await handle.write(Buffer.from(JSON.stringify(holder), "utf8"), 0);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return layOut(disk, folder, holder);
    throw error;
  }
}

/** `free`: something was in the way that is none any more. `not-made`: somebody has cleared our own folder away. */
async function tryRename(
  disk: Disk,
  mine: string,
  path: string,
): Promise<"held" | "taken" | "free" | "not-made"> {
  try {
    await disk.rename(mine, path);
    return "held";
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT") return "not-made";
    if (code === "ENOTDIR") return (await retireOldLock(disk, path)) ? "free" : "taken";
    if (code === "ENOTEMPTY") return "taken";
    // Some systems do not rename over a folder even when it is empty; removing works on an empty one only.
    if (code !== "EEXIST" && code !== "EPERM" && code !== "EACCES") throw error;
    try {
      await disk.rmdir(path);
      return "free";
    } catch (second) {
      const why = systemErrorCode(second);
      if (why === "ENOENT") return "free";
      if (why === "ENOTEMPTY" || why === "EEXIST") return "taken";
      throw error;
    }
  }
}

/** What was seen of a lock's file, and since when: kept over the tries, since no single one waits that long. */
const watched = new Map<string, { readonly content: string; readonly since: number }>();

/** Ours, and given up, but their files could not be removed. */
const abandoned = new Set<string>();

/** Who holds it. One that is gone, or silent for too long, is cleared away on the spot. */
async function presentHolder(disk: Disk, path: string): Promise<LockHolder | undefined | "gone"> {
  // A file of an earlier version, or a folder that cannot be read, says nothing of its holder.
  const names = await disk.readdir(path).catch((error: unknown) => {
    if (systemErrorCode(error) === "ENOENT") return [];
    if (isOutOfReach(error)) return undefined;
    throw error;
  });
  if (names === undefined) return undefined;
  const token = names[0];
  if (token === undefined) return "gone";
  const file = join(path, token);
  const content = await contentOf(disk, file);
  const known = watched.get(path);
  if (known?.content !== content) watched.set(path, { content, since: performance.now() });
  const silent = known?.content === content && performance.now() - known.since > silence;
  const holder = parseHolder(content);
  const life = abandoned.has(token) ? "gone" : holder === undefined ? "unknown" : await lifeOf(holder);
  if (life !== "gone" && !(silent && life === "unknown")) return holder;
  await removeQuietly(disk, file);
  watched.delete(path);
  return "gone";
}

function heldLock(disk: Disk, path: string, holder: LockHolder): Lock {
  const file = join(path, holder.token);
  let beat = 0;
  const timer = setInterval(() => {
    beat += 1;
    void writeBeat(disk, file, { ...holder, beat: beatText(beat) }).then((there) => {
      if (!there) clearInterval(timer);
    });
  }, heartbeat);
  timer.unref();
  return {
    file,
    held: async () =>
      disk.lstat(file).then(
        () => true,
        () => false,
      ),
    release: async () => {
      clearInterval(timer);
      // Tried once more: as long as this process lives nobody else could tell that it is given back.
      const remove = () => disk.unlink(file);
      await remove()
        .catch(remove)
        .catch((error: unknown) => {
          // It would keep everybody out for as long as this process lives.
          if (systemErrorCode(error) !== "ENOENT") abandoned.add(holder.token);
        });
    },
  };
}

/** @returns false when the file is gone */
async function writeBeat(disk: Disk, file: string, holder: LockHolder): Promise<boolean> {
  try {
    const handle = await disk.open(file, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
    await handle.write(Buffer.from(JSON.stringify(holder), "utf8"), 0).finally(() => handle.close());
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return systemErrorCode(error) !== "ENOENT";
  }
}

async function removeFolder(disk: Disk, folder: string, token: string): Promise<void> {
  await removeQuietly(disk, join(folder, token));
  await disk.rmdir(folder).catch(() => undefined);
}

async function contentOf(disk: Disk, file: string): Promise<string> {
  try {
    const handle = await disk.open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    return await handle.readFile("utf8").finally(() => handle.close());
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    return "";
  }
}

/** Nobody's fault but the file's. Anything else, as too many open files, must not pass for a lock that is held. */
function isOutOfReach(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "EACCES", "EPERM"].includes(systemErrorCode(error) ?? "");
}

/**
 * Earlier versions locked a file of this name with flock(1), or made `<path>-owner`. Where none of them is at work the
 * file goes; the folder in its place refuses any that comes later.
 * @returns whether the way is free
 */
async function retireOldLock(disk: Disk, path: string): Promise<boolean> {
  const found = await disk.lstat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return true;
  // Of a lock that is held /proc/locks names the inode: "1: FLOCK ADVISORY WRITE 4242 fe:01:131074 0 EOF".
  const locks = await readFile("/proc/locks", "utf8").catch(() => "");
  if (new RegExp(`^\\d+: FLOCK .* [0-9a-f]+:[0-9a-f]+:${found.ino} `, "m").test(locks)) return false;
  const owner = /"pid":(\d+)/.exec(await contentOf(disk, `${path}-owner`))?.[1];
  if (owner !== undefined && (await readFile(`/proc/${owner}/stat`, "utf8").catch(() => "")) !== "") {
    return false;
  }
  await removeQuietly(disk, `${path}-owner`);
  await removeQuietly(disk, path);
  return true;
}
