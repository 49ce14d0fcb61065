import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Lock } from "#lib/vault/held-lock.ts";
import { acquireLock } from "#lib/vault/lock.ts";
import { scratchVault } from "#tests/support/scratch-vault.ts";

async function lock(path: string, means: Lock["means"], patience = 5000): Promise<Lock> {
  const held = await acquireLock(path, { means, patience });
  if (held === undefined) throw new Error("the lock was not to be had");
  return held;
}

describe.each<[Lock["means"]]>([["flock"], ["lock-file"]])("a lock by %s", (means) => {
  const scratch = () => {
    const path = join(scratchVault().configDir, "config.json.lock");
    writeFileSync(path, "");
    return path;
  };

  test("keeps a second one out until it is released", async () => {
    const path = scratch();
    const first = await lock(path, means);
    expect(first.means).toBe(means);
    expect(await first.held()).toBe(true);
    expect(await acquireLock(path, { means, patience: 150 })).toBeUndefined();
    const waiting = lock(path, means);
    await first.release();
    const second = await waiting;
    expect(await second.held()).toBe(true);
    await second.release();
  });

  test("many waiters get it one after another", async () => {
    const path = scratch();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const mine = await lock(path, means, 20_000);
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 3));
        inside -= 1;
        await mine.release();
      }),
    );
    expect(most).toBe(1);
  });
});

describe("the lock file", () => {
  const path = () => join(scratchVault().configDir, "config.json.lock");
  const owner = (file: string) => JSON.parse(readFileSync(`${file}-owner`, "utf8"));

  test("of a process that is gone is taken over at once; one of a living process is not", async () => {
    const file = path();
    const first = await lock(file, "lock-file");
    const content = owner(file);
    await first.release();
    expect(existsSync(`${file}-owner`)).toBe(false);

    const gone = spawn("true");
    await new Promise((resolve) => gone.once("close", resolve));
    writeFileSync(`${file}-owner`, JSON.stringify({ ...content, pid: gone.pid }));
    const begun = performance.now();
    const second = await lock(file, "lock-file");
    expect(performance.now() - begun).toBeLessThan(1000);
    await second.release();

    writeFileSync(`${file}-owner`, JSON.stringify({ ...content, start: "1" }));
    await (await lock(file, "lock-file")).release();

    writeFileSync(`${file}-owner`, JSON.stringify(content));
    expect(await acquireLock(file, { means: "lock-file", patience: 300 })).toBeUndefined();
  });

  test("of another host is not taken while nobody knows whether it lives", async () => {
    const file = path();
    const first = await lock(file, "lock-file");
    const content = owner(file);
    await first.release();
    for (const other of [{ host: `not-${hostname()}` }, { boot: "another boot" }]) {
      writeFileSync(`${file}-owner`, JSON.stringify({ ...content, ...other }));
      expect(await acquireLock(file, { means: "lock-file", patience: 300 })).toBeUndefined();
    }
  });

  test("that was taken away is noticed by who held it", async () => {
    const file = path();
    const first = await lock(file, "lock-file");
    writeFileSync(`${file}-owner`, JSON.stringify({ ...owner(file), token: "somebody else's" }));
    expect(await first.held()).toBe(false);
    await first.release();
    expect(existsSync(`${file}-owner`)).toBe(true);
  });
});

describe("flock", () => {
  test("a holder whose child dies knows that it has lost the lock", async () => {
    const file = join(scratchVault().configDir, "config.json.lock");
    writeFileSync(file, "");
    const first = await lock(file, "flock");
    for (const pid of childrenHolding(file)) process.kill(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await first.held()).toBe(false);
    await first.release();
  });
});

/** Our own children that have the file open. */
function childrenHolding(file: string): readonly number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(file));
}
