import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";
import { startWriter, type WriterProcess } from "#tests/support/writer-process.ts";

const counters = (vault: Vault) => collection(vault, "counter", z.strictObject({ count: z.int() }));

async function withCounter(): Promise<ScratchVault> {
  const setup = scratchVault();
  value(await counters(await opened(setup)).create({ id: "the-one", meta: { count: 0 } }));
  return setup;
}

async function countIn(setup: ScratchVault): Promise<number> {
  const found = value(await counters(await opened(setup)).find("the-one"));
  if (found === undefined) throw new Error("the counter is gone");
  return found.meta.count;
}

const last = (numbers: readonly number[]) => numbers.at(-1) ?? 0;

describe("several processes write at once", () => {
  test.each([
    [2, 30],
    [8, 6],
  ])("%d processes, %d saves each: every save counts once", async (processes, saves) => {
    const setup = await withCounter();
    const writers = Array.from({ length: processes }, () => startWriter(setup, saves));
    for (const writer of writers) expect(await writer.ended).toEqual({ how: "0", errors: "" });
    expect(await countIn(setup)).toBe(processes * saves);
    const acknowledged = writers.flatMap((writer) => writer.acknowledged).sort((a, b) => a - b);
    expect(acknowledged).toEqual(Array.from({ length: processes * saves }, (_, index) => index + 1));
  });

  test("whatever programs there are: with flock(1) in the path, with an empty path, and in this process", async () => {
    const setup = await withCounter();
    const writers = [
      startWriter(setup, 15),
      startWriter({ ...setup, searchPath: "/nonexistent" }, 15),
      startWriter({ ...setup, searchPath: "/usr/bin:/bin" }, 15),
    ];
    await Promise.all(writers.map((writer) => writer.ready));
    const mine: number[] = [];
    const here = counters(await opened(setup, { patience: 60_000 }));
    while (mine.length < 15) {
      const found = value(await here.find("the-one"));
      const count = (found?.meta.count ?? 0) + 1;
      const saved = await here.update("the-one", found?.rev ?? 0, { meta: { count } });
      if (saved.ok) mine.push(count);
      else expect(saved.problem.code).toBe("vault-changed-meanwhile");
    }
    for (const writer of writers) expect(await writer.ended).toEqual({ how: "0", errors: "" });
    const all = [...mine, ...writers.flatMap((writer) => writer.acknowledged)].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(await countIn(setup)).toBe(60);
  });

  test("some are killed and some are stopped for a while in the middle: nothing that was acknowledged is lost", async () => {
    const setup = await withCounter();
    const [steady, doomed, paused] = [
      startWriter(setup, 40),
      startWriter(setup, 1000),
      startWriter(setup, 20),
    ];
    await Promise.all([steady.ready, doomed.ready, paused.ready]);
    for (let turn = 0; turn < 6; turn += 1) {
      await sleep(30);
      paused.child.kill("SIGSTOP");
      await sleep(40);
      paused.child.kill("SIGCONT");
    }
    doomed.child.kill("SIGKILL");
    expect((await doomed.ended).how).toBe("SIGKILL");
    expect((await steady.ended).how).toBe("0");
    expect((await paused.ended).how).toBe("0");
    const acknowledged = [steady, doomed, paused].flatMap((writer) => writer.acknowledged);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    const count = await countIn(setup);
    // The killed one may have saved once more than it could say.
    expect(count - acknowledged.length).toBeGreaterThanOrEqual(0);
    expect(count - acknowledged.length).toBeLessThanOrEqual(1);
  });

  test("two first starts at once make one vault", async () => {
    const setup = scratchVault();
    const vaults = await Promise.all([opened(setup), opened(setup), opened(setup)]);
    const ids = await Promise.all(vaults.map(async (vault) => value(await vault.facts()).storeId));
    expect(new Set(ids).size).toBe(1);
    value(await counters(await opened(setup)).create({ id: "the-one", meta: { count: 0 } }));
    for (const vault of vaults) expect(value(await counters(vault).list())).toHaveLength(1);
  });
});

describe("kill -9 during a save", () => {
  test("right before any call that changes the disk: old or new, whole, and no trace is left at the next save", async () => {
    // Each of the calls of one save; the last processes get past the end and finish.
    const calls = Array.from({ length: 36 }, (_, index) => index + 1);
    const outcomes = { old: 0, new: 0, finished: 0 };
    await inParallel(calls, 4, async (dieAt) => {
      const setup = await withCounter();
      const writer = startWriter(setup, 1, "--die-at", String(dieAt));
      const { how, errors } = await writer.ended;
      const count = await countIn(setup);
      if (how === "0") {
        outcomes.finished += 1;
        expect(count).toBe(1);
        return;
      }
      expect([how, errors]).toEqual(["SIGKILL", ""]);
      expect([0, 1]).toContain(count);
      outcomes[count === 0 ? "old" : "new"] += 1;
      const vault = await opened(setup);
      const found = value(await counters(vault).find("the-one"));
      value(await counters(vault).update("the-one", found?.rev ?? 0, { meta: { count: 7 } }));
      expect(await countIn(setup)).toBe(7);
      for (const folder of [setup.configDir, setup.stateDir]) {
        expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      }
    });
    // The calls that were met are those of a whole save: before and after the rename.
    expect(outcomes.old).toBeGreaterThanOrEqual(10);
    expect(outcomes.new).toBeGreaterThanOrEqual(10);
    expect(outcomes.finished).toBeGreaterThan(0);
    // Three dozen processes begin one after the other.
  }, 180_000);

  test("at random moments of a busy writer: what it was told is safe is there", async () => {
    const setup = await withCounter();
    let told = 0;
    for (let round = 0; round < 6; round += 1) {
      const writer: WriterProcess = startWriter(setup, 10_000);
      await writer.ready;
      while (writer.acknowledged.length === 0) await sleep(5);
      await sleep(Math.random() * 80);
      writer.child.kill("SIGKILL");
      await writer.ended;
      told = Math.max(told, last(writer.acknowledged));
      const count = await countIn(setup);
      expect(count - told).toBeGreaterThanOrEqual(0);
      expect(count - told).toBeLessThanOrEqual(1);
      told = count;
    }
    expect(told).toBeGreaterThanOrEqual(6);
  });
});

const line = z.strictObject({ text: z.string() });

/** How many lines the log has, when it is as it was written. */
async function linesIn(setup: ScratchVault): Promise<number> {
  const chain = value(await (await opened(setup)).chainedLog("audit", line).check());
  if (chain.state !== "whole") throw new Error(JSON.stringify(chain));
  return chain.entries;
}

describe("lines of the log, many of them at once", () => {
  test("kill -9 right before any call that changes the disk: what was acknowledged is there, in one chain", async () => {
    // From the lock, which seven lines wait for together, over closing a part, until it is given back.
    const calls = Array.from({ length: 18 }, (_, index) => index + 4);
    let acknowledged = 0;
    await inParallel(calls, 4, async (dieAt) => {
      const setup = await withCounter();
      value(await (await opened(setup)).chainedLog("audit", line).append({ text: "before" }));
      const writer = startWriter({ ...setup, partBytes: 50 }, 7, "--log", "--die-at", String(dieAt));
      const { how, errors } = await writer.ended;
      expect([how === "0" ? "SIGKILL" : how, errors]).toEqual(["SIGKILL", ""]);
      acknowledged += writer.acknowledged.length;
      const entries = await linesIn(setup);
      expect(entries).toBeGreaterThanOrEqual(Math.max(1, ...writer.acknowledged));
      expect(entries).toBeLessThanOrEqual(8);
      const next = await (await opened(setup)).chainedLog("audit", line).append({ text: "after" });
      expect(value(next)).toBe(entries + 1);
      expect(await linesIn(setup)).toBe(entries + 1);
    });
    expect(acknowledged).toBeGreaterThan(0);
  }, 120_000);

  test("two busy writers, one killed at random moments: none that was acknowledged is lost or doubled", async () => {
    const setup = await withCounter();
    const inParts = { ...setup, partBytes: 2000 };
    const told = new Set<number>();
    let count = 0;
    for (let round = 0; round < 4; round += 1) {
      const [doomed, steady] = [startWriter(inParts, 70_000, "--log"), startWriter(inParts, 70, "--log")];
      await Promise.all([doomed.ready, steady.ready]);
      while (doomed.acknowledged.length === 0) await sleep(5);
      await sleep(Math.random() * 80);
      doomed.child.kill("SIGKILL");
      await doomed.ended;
      expect(await steady.ended).toEqual({ how: "0", errors: "" });
      const fresh = [...doomed.acknowledged, ...steady.acknowledged];
      count += fresh.length;
      for (const seq of fresh) told.add(seq);
      expect(await linesIn(setup)).toBeGreaterThanOrEqual(Math.max(...told));
    }
    expect(told.size).toBe(count);
    expect(count).toBeGreaterThan(4 * 70);
  }, 60_000);
});

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = [...items];
  const lane = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
