import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { FileStoreOptions } from "#lib/stores/file/file-store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { diskWith } from "#tests/support/failing-disk.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

const line = z.strictObject({ text: z.string() });
const logOf = (vault: Vault) => vault.chainedLog("audit", line);

/** Three lines to a part: with ten there are three closed ones and one that begins. */
const threeLines = { partBytes: 3 * 115 };
const text = (n: number) => `${n}`.padStart(45, "-");

async function filled(options: FileStoreOptions = {}, count = 10) {
  const setup = scratchVault();
  const log = logOf(await opened(setup, { ...threeLines, ...options }));
  for (let n = 1; n <= count; n += 1) value(await log.append({ text: text(n) }));
  return { setup, log, at: (name: string) => join(setup.configDir, name) };
}

describe("a log that lies in parts", () => {
  test("is one log: its lines, its pages, its chain, and after a restart", async () => {
    const { setup, log, at } = await filled();
    const parts = ["audit.1.jsonl", "audit.2.jsonl", "audit.3.jsonl", "audit.jsonl"];
    expect(readdirSync(setup.configDir).filter((name) => name.endsWith("jsonl"))).toEqual(parts);
    for (const name of parts) expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(at("audit.jsonl"), "utf8").split("\n")).toHaveLength(2);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 10 });
    const all: string[] = [];
    value(await log.each((entry) => all.push(entry.text)));
    expect(all).toEqual(Array.from({ length: 10 }, (_, n) => text(n + 1)));

    for (const size of [1, 2, 3, 4, 10, 11]) {
      const seen: string[] = [];
      let before: number | undefined;
      for (;;) {
        const page = value(await log.newest(size, before));
        seen.push(...page.entries.map((entry) => entry.text));
        if (page.older === null) break;
        before = page.older;
      }
      expect(seen).toEqual(all.toReversed());
    }

    const again = logOf(await opened(setup, threeLines));
    for (let n = 11; n <= 13; n += 1) expect(value(await again.append({ text: text(n) }))).toBe(n);
    expect(value(await again.check())).toEqual({ state: "whole", entries: 13 });
    expect(value(await log.check())).toEqual({ state: "whole", entries: 13 });
  });

  test("a log that was kept in one file before is its first part", async () => {
    const { setup, at } = await filled({ partBytes: 10 ** 6 }, 7);
    const before = readFileSync(at("audit.jsonl"));
    const log = logOf(await opened(setup, threeLines));
    expect(value(await log.append({ text: text(8) }))).toBe(8);
    expect(readFileSync(at("audit.1.jsonl"))).toEqual(before);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 8 });
  });

  test("a place in a page stays good when the part is closed meanwhile", async () => {
    const { log } = await filled({}, 9);
    const page = value(await log.newest(1));
    for (let n = 10; n <= 15; n += 1) value(await log.append({ text: text(n) }));
    const older = value(await log.newest(3, page.older ?? 0));
    expect(older.entries.map(({ seq }) => seq)).toEqual([8, 7, 6]);
  });

  test("killed between closing a part and beginning the next: the next line begins it", async () => {
    const { setup, log, at } = await filled({}, 9);
    renameSync(at("audit.jsonl"), at("audit.3.jsonl"));
    expect(value(await log.check())).toEqual({ state: "whole", entries: 9 });
    expect(value(await log.newest(1)).entries[0]?.seq).toBe(9);
    expect(value(await logOf(await opened(setup, threeLines)).append({ text: text(10) }))).toBe(10);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 10 });
  });

  test("half a line that a killed process left is gone before its part is closed", async () => {
    const { log, at } = await filled({}, 9);
    appendFileSync(at("audit.jsonl"), '{"seq":10,"te');
    expect(value(await log.append({ text: text(10) }))).toBe(10);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 10 });
  });

  test("is whole for whoever reads while parts are being closed", async () => {
    const { setup, log } = await filled();
    const reader = logOf(await opened(setup, threeLines));
    let writing = true;
    const writes = (async () => {
      for (let n = 11; n <= 60; n += 1) value(await log.append({ text: text(n) }));
      writing = false;
    })();
    let checks = 0;
    for (; writing; checks += 1) {
      expect(value(await reader.check()).state).toBe("whole");
      const { entries } = value(await reader.newest(5));
      const newest = entries[0]?.seq ?? 0;
      expect(entries.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4].map((n) => newest - n));
    }
    await writes;
    expect(checks).toBeGreaterThan(3);
    expect(value(await reader.check())).toEqual({ state: "whole", entries: 60 });
  });
});

describe("what somebody did to a part shows, and names it", () => {
  type Spoil = (at: (name: string) => string) => void;
  const edit =
    (name: string, change: (text: string) => string): Spoil =>
    (at) =>
      writeFileSync(at(name), change(readFileSync(at(name), "utf8")), { mode: 0o600 });
  const missing = (number: number, from: number) => ({
    state: "part-missing",
    part: `audit.${number}.jsonl`,
    line: from,
  });
  const broken = (number: number | "", from: number) => ({
    state: "broken",
    part: number === "" ? "audit.jsonl" : `audit.${number}.jsonl`,
    line: from,
  });
  const rows: readonly (readonly [string, Spoil, object])[] = [
    ["the first is gone", (at) => rmSync(at("audit.1.jsonl")), missing(1, 1)],
    ["one in the middle is gone", (at) => rmSync(at("audit.2.jsonl")), missing(2, 4)],
    ["the last closed one is gone", (at) => rmSync(at("audit.3.jsonl")), missing(3, 7)],
    [
      "all but the newest are gone",
      (at) => [1, 2, 3].forEach((n) => void rmSync(at(`audit.${n}.jsonl`))),
      missing(1, 1),
    ],
    [
      "two are exchanged",
      (at) => {
        renameSync(at("audit.1.jsonl"), at("x"));
        renameSync(at("audit.2.jsonl"), at("audit.1.jsonl"));
        renameSync(at("x"), at("audit.2.jsonl"));
      },
      broken(1, 1),
    ],
    [
      "one stands there twice",
      (at) => writeFileSync(at("audit.3.jsonl"), readFileSync(at("audit.2.jsonl")), { mode: 0o600 }),
      broken(3, 7),
    ],
    [
      "a copy of the newest is closed as well",
      (at) => writeFileSync(at("audit.4.jsonl"), readFileSync(at("audit.jsonl")), { mode: 0o600 }),
      broken("", 11),
    ],
    ["a number is left out", (at) => renameSync(at("audit.3.jsonl"), at("audit.7.jsonl")), missing(3, 7)],
    ["its last line is cut off", edit("audit.2.jsonl", cutLines(1)), broken(2, 6)],
    ["all but its first line are cut off", edit("audit.1.jsonl", cutLines(2)), broken(1, 2)],
    ["it is cut in the middle of a line", edit("audit.2.jsonl", (all) => all.slice(0, -30)), broken(2, 6)],
    ["it is empty", edit("audit.2.jsonl", () => ""), broken(2, 4)],
    [
      "its first line is gone",
      edit("audit.2.jsonl", (all) => all.slice(all.indexOf("\n") + 1)),
      broken(1, 4),
    ],
    ["a word in it is changed", edit("audit.1.jsonl", (all) => all.replace("-2", "-3")), broken(1, 2)],
    ["something is added to it", edit("audit.1.jsonl", (all) => `${all}{`), broken(1, 4)],
    ["the newest is gone", (at) => rmSync(at("audit.jsonl")), { state: "shortened", entries: 9, known: 10 }],
  ];
  test.each(rows)("%s", async (_what, spoil, found) => {
    const { setup, log, at } = await filled();
    expect(value(await log.check())).toEqual({ state: "whole", entries: 10 });
    spoil(at);
    expect(value(await log.check())).toEqual(found);
    expect(value(await logOf(await opened(setup, threeLines)).check())).toEqual(found);
    // What is noted from now on does not hide it.
    value(await log.append({ text: "later" }));
    expect(value(await log.check()).state).not.toBe("whole");
  });

  test("a closed part is read once, and again when it was changed, whatever its size and date", async () => {
    let reads = 0;
    const { log, at } = await filled({
      disk: diskWith((call) => {
        if (call === "handle.read") reads += 1;
      }),
    });
    const readsOf = async (state: string) => {
      reads = 0;
      expect(value(await log.check()).state).toBe(state);
      return reads;
    };
    expect(await readsOf("whole")).toBe(4);
    expect(await readsOf("whole")).toBe(1);
    const path = at("audit.2.jsonl");
    const { atime, mtime } = statSync(path);
    edit("audit.2.jsonl", (all) => all.replace("-5", "-6"))(at);
    utimesSync(path, atime, mtime);
    expect(await readsOf("broken")).toBe(1);
  });
});

function cutLines(count: number): (all: string) => string {
  return (all) => `${all.trimEnd().split("\n").slice(0, -count).join("\n")}\n`;
}
