import "server-only";
import { randomBytes } from "node:crypto";
import { type FileHandle, link, open, readFile, readlink, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lock } from "./held-lock.ts";

/**
 * Waits for a lock that is a file: who makes it holds it, and says in it who that is.
 *
 * A holder that is known to be gone is followed at once. One that cannot be looked at (another host, another
 * container, another boot) is followed only when its counter has not moved for 20 s of our own monotonic clock.
 * @returns the lock, or undefined when `patience` (ms) ran out
 */
export async function acquireLockFile(path: string, patience: number): Promise<Lock | undefined> {
  const me = await thisProcess();
  const deadline = performance.now() + patience;
  let watched = { content: "", since: 0 };

  while (performance.now() < deadline) {
    const lock = await makeLockFile(path, me);
    if (lock !== undefined) return lock;

    const content = await readFile(path, "utf8").catch(() => undefined);
    if (content === undefined) continue;
    if (content !== watched.content) watched = { content, since: performance.now() };
    const still = performance.now() - watched.since > silence;
    if ((await isGone(content, me)) || (still && !(await isAlive(content, me))))
      await takeAway(path, content);
    else await sleep(20 + Math.random() * 60);
  }
  return undefined;
}

interface Owner {
  readonly host: string;
  /** Boot and pid namespace: only within both does a pid mean the same process. */
  readonly boot: string;
  readonly pid: number;
  /** When the process began, in clock ticks since boot; empty where it cannot be told. */
  readonly start: string;
  readonly token: string;
}

const silence = 20_000;
const heartbeat = 5_000;

async function thisProcess(): Promise<Omit<Owner, "token">> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return {
    host: hostname(),
    boot: `${boot.trim()} ${namespace}`,
    pid: process.pid,
    start: (await startOf(process.pid)) ?? "",
  };
}

async function makeLockFile(path: string, me: Omit<Owner, "token">): Promise<Lock | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, "wx", 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
  const owner: Owner = { ...me, token: randomBytes(16).toString("hex") };
  // The counter has a fixed width, so that a beat rewrites the file in place and a reader never sees it short.
  const write = (beat: number) =>
    handle.write(JSON.stringify({ ...owner, beat: String(beat).padStart(12, "0") }), 0);
  let beat = 0;
  await write(beat);
  const timer = setInterval(() => {
    beat += 1;
    void write(beat).catch(() => undefined);
  }, heartbeat);
  timer.unref();

  const held = async () => parseOwner(await readFile(path, "utf8").catch(() => ""))?.token === owner.token;
  return {
    means: "lock-file",
    held,
    release: async () => {
      clearInterval(timer);
      await handle.close();
      if (await held()) await unlink(path).catch(() => undefined);
    },
  };
}

/** Known to be gone: the same machine, boot and pid namespace, and no such process any more. */
async function isGone(content: string, me: Omit<Owner, "token">): Promise<boolean> {
  const owner = parseOwner(content);
  if (owner === undefined || owner.host !== me.host || owner.boot !== me.boot) return false;
  const start = await startOf(owner.pid);
  if (start === undefined) return !processExists(owner.pid);
  return start !== owner.start;
}

/** Known to be there, however long it is silent: a stopped holder goes on where it stopped. */
async function isAlive(content: string, me: Omit<Owner, "token">): Promise<boolean> {
  const owner = parseOwner(content);
  if (owner === undefined || owner.host !== me.host || owner.boot !== me.boot) return false;
  return owner.start !== "" && (await startOf(owner.pid)) === owner.start;
}

/** Field 22 of /proc/<pid>/stat, counted after the name, which may hold anything (proc(5)). */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .at(19);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Moves a dead holder's file away; gives it back when somebody else was quicker and it is a live one by now. */
async function takeAway(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const content = await readFile(aside, "utf8").catch(() => "");
  if (parseOwner(content)?.token !== parseOwner(judged)?.token)
    await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

function parseOwner(content: string): Owner | undefined {
  try {
    const json: unknown = JSON.parse(content);
    return isOwner(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(json: unknown): json is Owner {
  if (typeof json !== "object" || json === null) return false;
  const owner = json as Partial<Record<keyof Owner, unknown>>;
  return (
    typeof owner.host === "string" &&
    typeof owner.boot === "string" &&
    typeof owner.pid === "number" &&
    typeof owner.start === "string" &&
    typeof owner.token === "string"
  );
}
