import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Vault } from "#lib/vault/vault.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const line = z.strictObject({ text: z.string() });

const logOf = (vault: Vault) => vault.chainedLog("audit", line);

async function filled(count: number) {
  const setup = scratchVault();
  const log = logOf(await opened(setup));
  for (let n = 1; n <= count; n += 1) value(await log.append({ text: `line ${n}` }));
  return { setup, log, file: join(setup.configDir, "audit.jsonl") };
}

describe("a log that only grows", () => {
  test("an empty one is whole, and holds nothing", async () => {
    const log = logOf(await opened(scratchVault()));
    expect(value(await log.check())).toEqual({ state: "whole", entries: 0 });
    expect(value(await log.newest(10))).toEqual({ entries: [], older: null });
  });

  test("lines are numbered, for the owner's eyes, and go on after a restart", async () => {
    const { setup, file } = await filled(2);
    const again = logOf(await opened(setup));
    expect(value(await again.append({ text: "line 3" }))).toBe(3);
    expect(value(await again.check())).toEqual({ state: "whole", entries: 3 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    expect(lines.map((one) => JSON.parse(one))).toMatchObject([
      { seq: 1, text: "line 1" },
      { seq: 2, text: "line 2" },
      { seq: 3, text: "line 3" },
    ]);
  });

  test("newest first, page by page, over lines of any length", async () => {
    const setup = scratchVault();
    const log = logOf(await opened(setup));
    const texts = Array.from({ length: 23 }, (_, n) => `${n} ${"é".repeat((n * 577) % 2500)}`);
    for (const text of texts) value(await log.append({ text }));
    const seen: string[] = [];
    let before: number | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = value(await log.newest(5, before));
      seen.push(...page.entries.map((entry) => entry.text));
      if (page.older === null) break;
      expect(page.entries).toHaveLength(5);
      before = page.older;
    }
    expect(seen).toEqual(texts.toReversed());
    expect(value(await log.newest(5, 0))).toEqual({ entries: [], older: null });
    expect(value(await log.newest(1, 10 ** 14)).entries[0]?.text).toBe(texts.at(-1));
  });

  test("more than one block of it is read in one go", async () => {
    const setup = scratchVault();
    const log = logOf(await opened(setup));
    for (let n = 0; n < 60; n += 1) value(await log.append({ text: `${n}${"x".repeat(7000)}` }));
    let rests = 0;
    const rest = async () => {
      rests += 1;
    };
    expect(value(await log.check(rest))).toEqual({ state: "whole", entries: 60 });
    // After each piece of 32 kB but the last.
    expect(rests).toBe(Math.ceil((await stat(join(setup.configDir, "audit.jsonl"))).size / 32768) - 1);
    const all = value(await log.newest(1000)).entries;
    expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, n) => 60 - n));
  });

  test("two processes that write at once leave one chain", async () => {
    const setup = scratchVault();
    const [one, other] = [logOf(await opened(setup)), logOf(await opened(setup))];
    const writes = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? one : other).append({ text: "x" }));
    const numbers = (await Promise.all(writes)).map(value);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    expect(value(await one.check())).toEqual({ state: "whole", entries: 20 });
  });
});

describe("a line of somebody else's with a number that no console gives", () => {
  test.each([Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER, 2 ** 40 + 1])(
    "leads %d nowhere: what is cut off afterwards shows",
    async (seq) => {
      const { setup, log, file } = await filled(3);
      const whole = await readFile(file, "utf8");
      await appendFile(file, `${JSON.stringify({ seq, text: "none of ours", mac: "x".repeat(43) })}\n`);
      for (const next of [4, 5, 6]) expect(value(await log.append({ text: `line ${next}` }))).toBe(next);
      expect(value(await log.check())).toMatchObject({ state: "broken", line: 4 });
      // Away with it, with what came after it, and with one of before.
      await writeFile(file, whole.slice(0, whole.indexOf('{"seq":3')));
      expect(value(await logOf(await opened(setup)).check())).toEqual({
        state: "shortened",
        entries: 2,
        known: 6,
      });
    },
  );
});

describe("lines that wait together", () => {
  test("are written under one lock and synced once, each with its number, in the order they came", async () => {
    const setup = scratchVault();
    const calls: string[] = [];
    const log = logOf(await opened(setup, { disk: diskWith((call) => void calls.push(call)) }));
    value(await log.append({ text: "first" }));
    calls.length = 0;
    const numbers = await Promise.all(
      Array.from({ length: 200 }, async (_, n) => value(await log.append({ text: `${n}` }))),
    );
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, n) => n + 2));
    // The first goes alone or with all; the others are together in any case.
    expect(calls.filter((call) => call === "handle.sync").length).toBeLessThanOrEqual(2);
    expect(calls.filter((call) => call === "mkdir").length).toBeLessThanOrEqual(2);
    const { entries } = value(await log.newest(200));
    expect(entries.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, n) => `${199 - n}`));
    expect(value(await log.check())).toEqual({ state: "whole", entries: 201 });
  });

  test("one that is too long, or cannot be made, fails alone", async () => {
    const log = logOf(await opened(scratchVault()));
    const texts = ["a", "x".repeat(9000), "b"];
    const outcomes = await Promise.allSettled(texts.map((text) => log.append({ text })));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 2 });
  });

  test.each([["handle.write"], ["handle.sync"]])(
    "are told together that the disk is full at %s, and none of them is there",
    async (at) => {
      const setup = scratchVault();
      let full = false;
      const disk = diskWith((call) => {
        if (full && call === at) throw systemError("ENOSPC", call);
      });
      const log = logOf(await opened(setup, { disk }));
      value(await log.append({ text: "before" }));
      full = true;
      const lost = await Promise.all(["a", "b", "c"].map((text) => log.append({ text })));
      for (const one of lost) {
        expect(problemOf(one)).toMatchObject({ code: "vault-write-failed", facts: { error: "ENOSPC" } });
      }
      full = false;
      expect(value(await log.newest(9)).entries.map(({ text }) => text)).toEqual(["before"]);
      expect(value(await log.append({ text: "after" }))).toBe(2);
      expect(value(await log.check())).toEqual({ state: "whole", entries: 2 });
    },
  );
});

describe("what somebody did to the file shows", () => {
  const without = (number: number) => (lines: string[]) => lines.filter((_, n) => n !== number - 1);
  const rows: readonly [string, (lines: string[]) => string[], number][] = [
    ["a word changed", (lines) => lines.map((one) => one.replace("line 2", "line X")), 2],
    ["a line taken out", without(2), 2],
    ["the first line taken out", without(1), 1],
    ["two lines swapped", ([a = "", b = "", ...rest]) => [b, a, ...rest], 1],
    ["a line twice", ([a = "", ...rest]) => [a, a, ...rest], 2],
    [
      "a line of another hand",
      (lines) => [...lines, JSON.stringify({ seq: 5, text: "x", mac: "A".repeat(43) })],
      5,
    ],
    ["a line that is none", (lines) => [...lines, "{"], 5],
    [
      "a key twice, the first with other words",
      (lines) => lines.map((one) => one.replace('"text":"line 2"', '"text":"line X","text":"line 2"')),
      2,
    ],
    ["white space", (lines) => lines.map((one) => one.replace('"seq":3', '"seq": 3')), 3],
    ["another spelling", (lines) => lines.map((one) => one.replace("line 3", "\\u006cine 3")), 3],
    ["a member put in", (lines) => lines.map((one) => one.replace('"text"', '"more":1,"text"')), 1],
  ];
  test.each(rows)("%s", async (_what, change, at) => {
    const { log, file } = await filled(4);
    const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
    await writeFile(file, `${change(lines).join("\n")}\n`);
    expect(value(await log.check())).toEqual({ state: "broken", line: at, part: "audit.jsonl" });
    // What is noted from now on does not hide it.
    value(await log.append({ text: "later" }));
    expect(value(await log.check())).toEqual({ state: "broken", line: at, part: "audit.jsonl" });
  });

  test("its end cut off, or all of it gone", async () => {
    const { setup, log, file } = await filled(4);
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    expect(value(await log.check())).toEqual({ state: "shortened", entries: 2, known: 4 });
    await rm(file);
    expect(value(await log.check())).toEqual({ state: "shortened", entries: 0, known: 4 });
    // The next line keeps the gap in sight.
    expect(value(await log.append({ text: "after" }))).toBe(5);
    expect(value(await logOf(await opened(setup)).check())).toEqual({
      state: "broken",
      line: 1,
      part: "audit.jsonl",
    });
  });

  test("its end cut off while the console writes, and the memory of it as well", async () => {
    const { setup, log, file } = await filled(4);
    const lines = (await readFile(file, "utf8")).split("\n");
    await writeFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    for (const name of await readdir(setup.stateDir)) {
      if (name.startsWith("audit-head")) await rm(join(setup.stateDir, name));
    }
    expect(value(await log.append({ text: "after" }))).toBe(5);
    expect(value(await log.check())).toEqual({ state: "broken", line: 3, part: "audit.jsonl" });
  });

  test("written with another vault's key", async () => {
    const { file } = await filled(2);
    const other = scratchVault();
    const log = logOf(await opened(other));
    await writeFile(join(other.configDir, "audit.jsonl"), await readFile(file), { mode: 0o600 });
    expect(value(await log.check())).toEqual({ state: "broken", line: 1, part: "audit.jsonl" });
  });
});

describe("when writing goes wrong", () => {
  test("a line that a killed process left unfinished is not in the way", async () => {
    const { log, file } = await filled(3);
    await appendFile(file, '{"seq":4,"text":"li');
    expect(value(await log.check())).toEqual({ state: "whole", entries: 3 });
    expect(value(await log.newest(1)).entries[0]?.seq).toBe(3);
    expect(value(await log.append({ text: "line 4" }))).toBe(4);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 4 });
  });

  test("a file that lost its bytes from the middle of a line", async () => {
    const { log, file } = await filled(3);
    await truncate(file, (await stat(file)).size - 10);
    expect(value(await log.check())).toEqual({ state: "shortened", entries: 2, known: 3 });
  });

  test("a full disk is told, and the line is not there", async () => {
    const setup = scratchVault();
    let full = false;
    const disk = diskWith((call) => {
      if (full && (call === "handle.write" || call === "handle.sync")) throw systemError("ENOSPC", "write");
    });
    const log = logOf(await opened(setup, { disk }));
    value(await log.append({ text: "before" }));
    full = true;
    expect(problemOf(await log.append({ text: "lost" }))).toMatchObject({
      code: "vault-write-failed",
      facts: { error: "ENOSPC", saved: false },
    });
    full = false;
    expect(value(await log.append({ text: "after" }))).toBe(2);
    expect(value(await log.check())).toEqual({ state: "whole", entries: 2 });
  });

  test("a file that others can read, or none at all in its place, is refused", async () => {
    const { log, file } = await filled(1);
    await chmod(file, 0o644);
    expect(problemOf(await log.append({ text: "x" })).code).toBe("vault-unsafe-permissions");
    expect(problemOf(await log.check()).code).toBe("vault-unsafe-permissions");
    await rm(file);
    await mkdir(file);
    expect(problemOf(await log.append({ text: "x" })).code).toBe("vault-write-failed");
  });
});

test("a line of thousands of brackets breaks the chain, and keeps nobody from the log", async () => {
  for (const nest of ["[".repeat(1500) + "]".repeat(1500), `${'{"a":'.repeat(1200)}1${"}".repeat(1200)}`]) {
    const { setup, log, file } = await filled(2);
    await appendFile(file, `{"seq":3,"text":${nest},"mac":"${"A".repeat(43)}"}\n`);
    const again = logOf(await opened(setup));
    expect(value(await again.append({ text: "after" }))).toBe(3);
    expect(value(await again.newest(5)).entries.map(({ text }) => text)).toEqual([
      "after",
      "line 2",
      "line 1",
    ]);
    expect(value(await log.check())).toMatchObject({ state: "broken", line: 3 });
  }
});
