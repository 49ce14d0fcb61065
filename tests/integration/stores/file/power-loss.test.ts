import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { filesBelow, layOut, recordingDisk, statesAfter } from "#tests/support/power-loss.ts";
import {
  opened,
  openFileVault,
  type ScratchVault,
  scratchVault,
  value,
} from "#tests/support/scratch-vault.ts";

const counters = (vault: Vault) => collection(vault, "counter", z.strictObject({ count: z.int() }));

/** The same vault, had the power failed and the disk kept only this. */
async function countAfter(setup: ScratchVault, state: ReadonlyMap<string, Buffer>): Promise<number | string> {
  const other = scratchVault();
  layOut(state, (path) =>
    path.replace(setup.configDir, other.configDir).replace(setup.stateDir, other.stateDir),
  );
  const vault = await openFileVault(other);
  if (!vault.ok) return vault.problem.code;
  const found = await counters(vault.value).find("the-one");
  return found.ok ? (found.value?.meta.count ?? "gone") : found.problem.code;
}

describe("the power fails during a save, and any part of what was not synced is lost (1.4)", () => {
  test("old or new, whole; and what was acknowledged is there", async () => {
    const setup = scratchVault();
    const folders = [setup.configDir, setup.stateDir];
    const first = counters(await opened(setup));
    value(await first.create({ id: "the-one", meta: { count: 1 } }));
    value(await first.update("the-one", 1, { meta: { count: 2 } }));

    const before = filesBelow(folders);
    const { disk, told } = recordingDisk(folders);
    const vault = await opened(setup, { disk });
    value(await counters(vault).update("the-one", 2, { meta: { count: 3 } }));

    const seen = new Map<string, number | string>();
    for (let count = 0; count <= told.length; count += 1) {
      for (const state of statesAfter(before, told, count)) {
        const print = [...state]
          .map(([path, bytes]) => `${path} ${bytes.toString("latin1")}`)
          .sort()
          .join("\n");
        const found = seen.get(print) ?? (await countAfter(setup, state));
        seen.set(print, found);
        expect([2, 3], `after ${count} of ${told.length}`).toContain(found);
        if (count === told.length) expect(found).toBe(3);
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(10);
    expect(new Set(seen.values())).toEqual(new Set([2, 3]));

    // Not an empty claim: without its syncs, the same save would be found out here.
    const outcomes = async (careless: typeof told) =>
      Promise.all(statesAfter(before, careless, careless.length).map((state) => countAfter(setup, state)));
    const noFiles = await outcomes(told.filter((event) => event.kind !== "synced-file"));
    expect(noFiles).toContain("vault-damaged");
    const noFolders = await outcomes(told.filter((event) => event.kind !== "synced-folder"));
    expect(noFolders).toContain(2);
  });

  test("the first start: a vault that opens, or one that can begin again", async () => {
    const setup = scratchVault();
    const folders = [setup.configDir, setup.stateDir];
    const { disk, told } = recordingDisk(folders);
    await opened(setup, { disk });
    for (let count = 0; count <= told.length; count += 1) {
      for (const state of statesAfter(new Map(), told, count)) {
        expect(await countAfter(setup, state), `after ${count} of ${told.length}`).toBe("gone");
      }
    }
  });

  test("lines of the log, over the end of a part: what was acknowledged is there, in one chain", async () => {
    const setup = scratchVault();
    const folders = [setup.configDir, setup.stateDir];
    const line = z.strictObject({ text: z.string() });
    const partBytes = 140;
    const first = (await opened(setup, { partBytes })).chainedLog("audit", line);
    for (const text of ["1", "2"]) value(await first.append({ text }));

    const before = filesBelow(folders);
    const { disk, told } = recordingDisk(folders);
    const log = (await opened(setup, { disk, partBytes })).chainedLog("audit", line);
    const acknowledged: number[] = [2];
    const after: number[] = [told.length];
    for (const texts of [["3"], ["4", "5", "6"], ["7"]]) {
      acknowledged.push(...(await Promise.all(texts.map((text) => log.append({ text })))).map(value));
      after.push(told.length);
    }
    expect(readdirSync(setup.configDir)).toContain("audit.2.jsonl");

    const entriesAfter = async (state: ReadonlyMap<string, Buffer>) => {
      const other = scratchVault();
      layOut(state, (path) =>
        path.replace(setup.configDir, other.configDir).replace(setup.stateDir, other.stateDir),
      );
      const chain = value(await (await opened(other)).chainedLog("audit", line).check());
      return chain.state === "whole" ? chain.entries : JSON.stringify(chain);
    };
    const atLeast = new Map([2, 3, 6, 7].map((entries, index) => [after[index] ?? 0, entries]));
    let least = 2;
    for (let count = after[0] ?? 0; count <= told.length; count += 1) {
      least = atLeast.get(count) ?? least;
      for (const state of statesAfter(before, told, count)) {
        expect(await entriesAfter(state), `after ${count} of ${told.length}`).toBeGreaterThanOrEqual(least);
      }
    }
    // Not an empty claim: were the closed part's new name not safe before the next one begins, lines would be lost.
    const careless = told.filter((event) => event.kind !== "synced-folder");
    const lost = await Promise.all(statesAfter(before, careless, careless.length).map(entriesAfter));
    expect(lost.filter((entries) => typeof entries === "string" || entries < 7)).not.toEqual([]);
  });
});
