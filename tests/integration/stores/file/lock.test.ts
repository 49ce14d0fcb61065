import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";
import { acquireLock, type Busy, type Lock, removeDeadWaiters } from "#lib/stores/file/lock.ts";
import type { LockHolder } from "#lib/stores/file/lock-holder.ts";
import { systemError } from "#tests/support/failing-disk.ts";
import { scratchVault } from "#tests/support/scratch-vault.ts";

const place = () => join(scratchVault().configDir, "config.json.lock");

async function lock(path: string, patience = 5000, disk: Disk = nodeDisk): Promise<Lock> {
  const taken = await acquireLock(disk, path, performance.now() + patience);
  if (!("lock" in taken)) throw new Error("the lock was not to be had");
  return taken.lock;
}

async function busy(path: string, patience = 100): Promise<Busy> {
  const taken = await acquireLock(nodeDisk, path, performance.now() + patience);
  if ("lock" in taken) throw new Error("the lock was free");
  return taken;
}

function holderOf(path: string): LockHolder {
  const [token = ""] = readdirSync(path);
  return JSON.parse(readFileSync(join(path, token), "utf8"));
}

/** A lock as somebody else left it. */
function leave(path: string, holder: LockHolder): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(path, holder.token), JSON.stringify(holder), { mode: 0o600 });
}

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process of its own that takes the lock and keeps it. */
async function holdElsewhere(path: string): Promise<ChildProcess> {
  const script = `
    import { acquireLock } from "#lib/stores/file/lock.ts";
    import { nodeDisk } from "#lib/stores/file/disk.ts";
    const taken = await acquireLock(nodeDisk, ${JSON.stringify(path)}, performance.now() + 5000);
    if ("lock" in taken) console.log("held");
    setInterval(() => undefined, 1000);
  `;
  const args = ["--conditions=react-server", "--import", "tsx", "--input-type=module", "--eval", script];
  const env = { ...process.env, PATH: "/nonexistent" };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

describe("the lock", () => {
  test("keeps a second one out until it is released, and names its holder", async () => {
    const path = place();
    const first = await lock(path);
    expect(await first.held()).toBe(true);
    expect((await busy(path)).holder).toMatchObject({ pid: process.pid, host: hostname() });
    const waiting = lock(path);
    await first.release();
    const second = await waiting;
    expect(await first.held()).toBe(false);
    expect(await second.held()).toBe(true);
    await second.release();
    await (await lock(path)).release();
    expect(readdirSync(join(path, ".."))).toEqual(["config.json.lock"]);
  });

  test("many waiters get it one after another", async () => {
    const path = place();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine = await lock(path, 20_000);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 3));
        inside -= 1;
        await mine.release();
      }),
    );
    expect(most).toBe(1);
  });

  test("of a killed process is free at once; of a stopped one it is not, and that one is named", async () => {
    const path = place();
    const child = await holdElsewhere(path);
    child.kill("SIGSTOP");
    expect((await busy(path, 300)).holder?.pid).toBe(child.pid);
    child.kill("SIGCONT");
    expect((await busy(path)).holder?.pid).toBe(child.pid);
    child.kill("SIGKILL");
    await once(child, "exit");
    const begun = performance.now();
    await (await lock(path)).release();
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  test("of a dead holder is followed by one of many, and by one only", async () => {
    const path = place();
    const first = await lock(path);
    const dead = { ...holderOf(path), start: "1" };
    await first.release();
    for (let round = 0; round < 20; round += 1) {
      leave(path, { ...dead, token: round.toString(16).padStart(16, "0") });
      let inside = 0;
      await Promise.all(
        Array.from({ length: 6 }, async () => {
          const mine = await lock(path);
          inside += 1;
          expect(inside).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          inside -= 1;
          await mine.release();
        }),
      );
    }
  });

  const elsewhere: readonly (readonly [string, Partial<LockHolder>, boolean])[] = [
    ["a process that began at another time under the same number", { start: "1" }, true],
    ["a number that no process has", { pid: 2 ** 22 + 1 }, true],
    ["another boot of a machine without an id", { machine: "", boot: "another" }, false],
    ["another host", { host: `not-${hostname()}` }, false],
    ["another container", { namespace: "pid:[1]" }, false],
  ];
  test.each(elsewhere)("of %s", async (_who, difference, free) => {
    const path = place();
    const first = await lock(path);
    const holder = { ...holderOf(path), ...difference };
    await first.release();
    leave(path, holder);
    if (free) await (await lock(path, 500)).release();
    else expect((await busy(path, 300)).holder).toEqual(holder);
  });

  test("that was taken away is noticed by who held it, and left alone", async () => {
    const path = place();
    const first = await lock(path);
    leave(path, { ...holderOf(path), token: "0".repeat(16) });
    expect(await first.held()).toBe(false);
    await first.release();
    expect(holderOf(path).token).toBe("0".repeat(16));
  });

  test("where a folder cannot be renamed over an empty one", async () => {
    const path = place();
    await (await lock(path)).release();
    const disk: Disk = {
      ...nodeDisk,
      rename: async (from, to) => {
        if (existsSync(String(to))) throw systemError("EPERM", "rename");
        return renameSync(from, to);
      },
    };
    const first = await lock(path, 500, disk);
    expect("lock" in (await acquireLock(disk, path, performance.now() + 100))).toBe(false);
    await first.release();
    await (await lock(path, 500, disk)).release();
  });

  test("that could not be given back does not stay", async () => {
    const path = place();
    const disk: Disk = { ...nodeDisk, unlink: () => Promise.reject(systemError("EIO", "unlink")) };
    await (await lock(path, 500, disk)).release();
    await (await lock(path, 500)).release();
  });

  test("what killed waiters left is cleared away by who holds it, and no living one's", async () => {
    const path = place();
    const held = await lock(path);
    const holder = holderOf(path);
    leave(`${path}.${"a".repeat(16)}`, { ...holder, token: "a".repeat(16), start: "1" });
    leave(`${path}.${"b".repeat(16)}`, { ...holder, token: "b".repeat(16) });
    await removeDeadWaiters(nodeDisk, path);
    expect(readdirSync(join(path, ".."))).toEqual(["config.json.lock", `config.json.lock.${"b".repeat(16)}`]);
    await held.release();
  });
});

describe("the file that earlier versions locked", () => {
  test("is waited for while flock(1) holds it, and gives way to the folder then", async () => {
    const path = place();
    writeFileSync(path, "");
    const child = spawn("flock", ["-x", path, "sh", "-c", "echo held; exec cat"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.push(child);
    await once(child.stdout, "data");
    await busy(path, 200);
    child.stdin.end();
    await once(child, "exit");
    const held = await lock(path);
    // An earlier version opens it to write, and is refused.
    expect(() => openSync(path, "a")).toThrow("EISDIR");
    await held.release();
    expect(() => openSync(path, "a")).toThrow("EISDIR");
  });

  test("its other form, too, as long as that process lives", async () => {
    const path = place();
    writeFileSync(path, "");
    writeFileSync(`${path}-owner`, JSON.stringify({ host: hostname(), pid: process.pid }));
    await busy(path, 200);
    writeFileSync(`${path}-owner`, JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1 }));
    await (await lock(path)).release();
    expect(existsSync(`${path}-owner`)).toBe(false);
  });
});
