import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { lastSeen, type Seen } from "#lib/saved/last-seen.ts";
import { profileStore } from "#lib/saved/profile-store.ts";
import { filesBelow, layOut, recordingDisk, statesAfter } from "#tests/support/power-loss.ts";
import { opened, type ScratchVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

/** The same vault, had the power failed and the disk kept only this. */
function laidOut(setup: ScratchVault, state: ReadonlyMap<string, Buffer>): ScratchVault {
  const other = scratchVault();
  layOut(state, (path) =>
    path.replace(setup.configDir, other.configDir).replace(setup.stateDir, other.stateDir),
  );
  return other;
}

/** A single save, line, document or first start: `npm run test:crash`, part power-loss. */
describe("the power fails in the middle of several, and any part of what was not synced is lost (1.4)", () => {
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
      const chain = value(await (await opened(laidOut(setup, state))).chainedLog("audit", line).check());
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

  test("the first save over a vault of version 2, certificates kept once: the old one whole, or the new one", async () => {
    const setup = scratchVault();
    const path = new URL("../../../support/version-2-vault.json", import.meta.url);
    const { key, config } = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(setup.keyFile, `${key}\n`, { mode: 0o600 });
    writeFileSync(setup.file, `${JSON.stringify(config)}\n`, { mode: 0o600 });
    const folders = [setup.configDir, setup.stateDir];
    value(await profileStore(await opened(setup)).list());

    const before = filesBelow(folders);
    const { disk, told } = recordingDisk(folders);
    const profiles = profileStore(await opened(setup, { disk }));
    const third = value(await profiles.list())[2];
    if (third === undefined) throw new Error("three were there");
    value(await profiles.update(third.id, 1, { ...third, name: "Renamed", secrets: {} }, {}));

    const seen = new Set<string>();
    for (let count = 0; count <= told.length; count += 1) {
      for (const state of statesAfter(before, told, count)) {
        const again = profileStore(await opened(laidOut(setup, state)));
        const all = value(await again.list());
        // Every certificate and every secret with it, not the names alone.
        for (const { id } of all) expect(value(await again.open(id))?.secrets.password).toBeDefined();
        const found = all.map(({ name, tls }) => `${name} ${tls.ca?.length ?? 0}`).join(", ");
        seen.add(found);
        if (count === told.length) expect(found).toContain("Renamed");
      }
    }
    const [one, two] = value(await profiles.list()).map(({ name, tls }) => `${name} ${tls.ca?.length ?? 0}`);
    const ends = (name: string) => `${one}, ${two}, ${name} ${third.tls.ca?.length ?? 0}`;
    expect(seen).toEqual(new Set([ends("Three"), ends("Renamed")]));
  });

  test("notes of what was last seen, several at once and gathered: what was acknowledged is there", async () => {
    const setup = scratchVault();
    const folders = [setup.configDir, setup.stateDir];
    const note: Seen = {
      at: "2026-01-01T00:00:00.000Z",
      verified: null,
      encrypted: false,
      protocol: null,
      notAfter: null,
      serverVersion: null,
      problem: null,
    };
    value(await lastSeen(await opened(setup), 4).note("0", note));

    const before = filesBelow(folders);
    const { disk, told } = recordingDisk(folders);
    const notes = lastSeen(await opened(setup, { disk }), 4);
    const acknowledged = new Map([[told.length, ["0"]]]);
    // The fourth line is no line any more: a document takes the place of all.
    for (const ids of [["1", "2"], ["3"], ["4", "5"]]) {
      for (const kept of await Promise.all(ids.map((id) => notes.note(id, note)))) value(kept);
      acknowledged.set(told.length, [...([...acknowledged.values()].at(-1) ?? []), ...ids]);
    }
    expect(told.some((event) => event.kind === "moved" && event.to.endsWith("last-seen.json"))).toBe(true);

    const lost = async (state: ReadonlyMap<string, Buffer>, due: readonly string[]) => {
      const all = await lastSeen(await opened(laidOut(setup, state)), 4).all();
      return due.filter((id) => !all.has(id));
    };
    let due: readonly string[] = ["0"];
    for (let count = 0; count <= told.length; count += 1) {
      due = acknowledged.get(count) ?? due;
      for (const state of statesAfter(before, told, count))
        expect(await lost(state, due), `after ${count} of ${told.length}`).toEqual([]);
    }
    // Not an empty claim: without its syncs, the last of them would be lost.
    const careless = told.filter((event) => event.kind !== "synced-file");
    const found = await Promise.all(
      statesAfter(before, careless, careless.length).map((state) => lost(state, due)),
    );
    expect(found.flat()).not.toEqual([]);
  });
});
