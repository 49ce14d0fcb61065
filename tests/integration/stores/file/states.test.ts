import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ok } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { collection } from "#lib/vault/collection.ts";
import { newRawKey } from "#lib/vault/raw-key.ts";
import type { Vault } from "#lib/vault/vault.ts";
import {
  opened,
  openFileVault,
  problemOf,
  type ScratchVault,
  scratchVault,
  value,
} from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ title: z.string() }));

/** A vault at revision 4, with three notes. */
async function filled(): Promise<ScratchVault> {
  const setup = scratchVault();
  const vault = await opened(setup);
  for (const title of ["one", "two", "three"]) {
    value(await notes(vault).create({ meta: { title }, secrets: { password: new Secret(`pw ${title}`) } }));
  }
  return setup;
}

const titles = async (setup: ScratchVault) =>
  value(await notes(await opened(setup)).list()).map((note) => note.meta.title);

/** Every file below both folders with its bytes, mode and inode: what must not change while locked. */
function everyFile(setup: ScratchVault): unknown {
  return [setup.configDir, setup.stateDir].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const { mode, ino } = statSync(path);
        return [path, mode, ino, readFileSync(path, "latin1")];
      }),
  );
}

describe("a fresh install", () => {
  test("makes a vault and a key, each for the owner alone, in folders of their own", async () => {
    const setup = scratchVault();
    rmSync(setup.configDir, { recursive: true });
    rmSync(setup.stateDir, { recursive: true });
    value(await openFileVault(setup));
    for (const path of [setup.file, setup.keyFile, setup.guard]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    for (const path of [setup.configDir, setup.stateDir]) expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readFileSync(setup.keyFile, "utf8")).toMatch(/^cloakkey1_[\w-]{48}\n$/);
  });

  test("everything is there after opening it again (C9)", async () => {
    const setup = await filled();
    expect(await titles(setup)).toEqual(["one", "two", "three"]);
    const again = notes(await opened(setup));
    const [first] = value(await again.list());
    const open = value(await again.open(first?.id ?? ""));
    expect(open?.secrets.password?.reveal()).toBe("pw one");
  });

  test("nothing of a record can be read in the file", async () => {
    const setup = await filled();
    const text =
      readFileSync(setup.file, "latin1") +
      readFileSync(join(setup.configDir, "backups/config.3.json"), "latin1");
    for (const word of ["pw one", "three", "title"]) expect(text).not.toContain(word);
  });
});

/** How each state comes about, and what it must say. */
const states: readonly (readonly [string, (setup: ScratchVault) => void, string, Record<string, unknown>])[] =
  [
    ["the key file is gone", (s) => rmSync(s.keyFile), "vault-locked", { reason: "key-file-missing" }],
    ["the key file is empty", (s) => writeFileSync(s.keyFile, "\n"), "vault-locked", { reason: "key-empty" }],
    [
      "the key file holds another key",
      (s) => writeFileSync(s.keyFile, newRawKey().reveal()),
      "vault-wrong-key",
      { reason: "no-slot" },
    ],
    [
      "a letter of the key is wrong",
      (s) =>
        writeFileSync(
          s.keyFile,
          readFileSync(s.keyFile, "utf8").replace(/.\n$/, (end) => (end === "A\n" ? "B\n" : "A\n")),
        ),
      "vault-wrong-key",
      { reason: "key-mistyped" },
    ],
    [
      "the key file can be read by others",
      (s) => chmodSync(s.keyFile, 0o640),
      "vault-unsafe-permissions",
      { reason: "file-open" },
    ],
    [
      "the file can be read by others",
      (s) => chmodSync(s.file, 0o644),
      "vault-unsafe-permissions",
      { reason: "file-open" },
    ],
    [
      "anybody can write to the folder",
      (s) => chmodSync(s.configDir, 0o777),
      "vault-unsafe-permissions",
      { reason: "folder-writable" },
    ],
    [
      "anybody can write to the state folder",
      (s) => chmodSync(s.stateDir, 0o777),
      "vault-unsafe-permissions",
      { reason: "folder-writable" },
    ],
    [
      "the file is cut in half",
      (s) => truncateSync(s.file, statSync(s.file).size / 2),
      "vault-damaged",
      { part: "json", backupRev: 3 },
    ],
    ["the file is empty", (s) => truncateSync(s.file, 0), "vault-damaged", { part: "json", backupRev: 3 }],
    [
      "the file is garbled",
      (s) => writeFileSync(s.file, Buffer.alloc(900, 0xa7)),
      "vault-damaged",
      { part: "utf-8", backupRev: 3 },
    ],
    [
      "a letter of the seal is changed",
      (s) =>
        writeFileSync(
          s.file,
          readFileSync(s.file, "utf8").replace(/"mac":"./, (found) =>
            found.endsWith("A") ? '"mac":"B' : '"mac":"A',
          ),
        ),
      "vault-damaged",
      { part: "mac", backupRev: 3 },
    ],
    ["the file is gone", (s) => rmSync(s.file), "vault-damaged", { reason: "missing", backupRev: 3 }],
    [
      "the file is a folder",
      (s) => {
        rmSync(s.file);
        mkdirSync(s.file);
      },
      "vault-damaged",
      { reason: "not-a-file" },
    ],
    [
      "the old program has written its own over it",
      (s) => writeFileSync(s.file, '{"version":1,"connections":[],"preferences":{}}'),
      "vault-damaged",
      { reason: "replaced-by-version-1", backupRev: 3 },
    ],
    [
      "a later version has written it",
      (s) => writeFileSync(s.file, readFileSync(s.file, "utf8").replace('"v":3', '"v":4')),
      "vault-newer-version",
      { version: 4 },
    ],
    [
      "an older revision was put back",
      (s) => copyFileSync(join(s.configDir, "backups/config.2.json"), s.file),
      "vault-rolled-back",
      { rev: 2, highestRev: 4 },
    ],
    [
      "it is a link to nowhere",
      (s) => {
        rmSync(s.file);
        symlinkSync("/nowhere/config.json", s.file);
      },
      "vault-damaged",
      { reason: "link-broken" },
    ],
  ];

describe("anything but a good vault stays locked, says what happened, and writes nothing", () => {
  test.each(states)("%s", async (_name, spoil, code, facts) => {
    const setup = await filled();
    spoil(setup);
    const before = everyFile(setup);
    const trouble = problemOf(
      await openFileVault(setup, {
        takeOver: () => {
          throw new Error("must not import");
        },
      }),
    );
    expect(trouble.code).toBe(code);
    expect(trouble.facts).toMatchObject(facts);
    expect(trouble.facts.path).toEqual(expect.stringMatching(/^\//));
    expect(everyFile(setup)).toEqual(before);
  });

  test.each(states.filter(([, , , facts]) => facts.backupRev !== undefined))(
    "%s: the command that is shown puts the newest good backup back",
    async (_name, spoil) => {
      const setup = await filled();
      spoil(setup);
      const { facts } = problemOf(await openFileVault(setup));
      execFileSync("sh", ["-c", String(facts.command)]);
      expect(await titles(setup)).toEqual(["one", "two"]);
      value(await notes(await opened(setup)).create({ meta: { title: "later" } }));
      expect(await titles(setup)).toEqual(["one", "two", "later"]);
    },
  );

  test.each(states.filter(([, , code]) => code === "vault-unsafe-permissions"))(
    "%s: the command that is shown fixes it",
    async (_name, spoil) => {
      const setup = await filled();
      spoil(setup);
      execFileSync("sh", ["-c", String(problemOf(await openFileVault(setup)).facts.command)]);
      expect(await titles(setup)).toEqual(["one", "two", "three"]);
    },
  );

  test("an older revision that is meant is accepted by the command, and counting goes on above all others", async () => {
    const setup = await filled();
    copyFileSync(join(setup.configDir, "backups/config.2.json"), setup.file);
    execFileSync("sh", ["-c", String(problemOf(await openFileVault(setup)).facts.command)]);
    const vault = await opened(setup);
    value(await notes(vault).create({ meta: { title: "again" } }));
    expect(value(await vault.facts()).rev).toBe(4);
    expect(await titles(setup)).toEqual(["one", "again"]);
  });

  test("another vault with the same key is asked about on the host, while the console runs and when it starts", async () => {
    const setup = await filled();
    const running = await opened(setup);
    const other = scratchVault();
    copyFileSync(setup.keyFile, other.keyFile);
    value(await notes(await opened(other)).create({ meta: { title: "theirs" } }));
    copyFileSync(other.file, setup.file);
    const before = everyFile(setup);
    for (const trouble of [
      problemOf(await notes(running).list()),
      problemOf(await notes(running).create({ meta: { title: "mixed" } })),
      problemOf(await openFileVault(setup)),
    ]) {
      expect(trouble.code).toBe("vault-other-store");
      expect(trouble.facts.path).toBe(setup.file);
    }
    expect(everyFile(setup)).toEqual(before);
    execFileSync("sh", ["-c", String(problemOf(await openFileVault(setup)).facts.command)]);
    expect(await titles(setup)).toEqual(["theirs"]);
    value(await notes(await opened(setup)).create({ meta: { title: "accepted" } }));
    expect(await titles(setup)).toEqual(["theirs", "accepted"]);
  });

  test("two vaults of one state folder, exchanged or one put over the other, are asked about; moved ones are not", async () => {
    const one = await filled();
    const second = scratchVault();
    const two = { ...second, stateDir: one.stateDir, key: one.key, guard: one.guard };
    const { [idOf(one)]: seen } = JSON.parse(readFileSync(one.guard, "utf8"));
    rmSync(one.guard);
    value(await notes(await opened(two)).create({ meta: { title: "of two" } }));
    await fileStore(one).memory.raise(idOf(one), seen);
    expect(await titles(one)).toEqual(["one", "two", "three"]);
    expect(await titles(two)).toEqual(["of two"]);

    const running = await opened(one);
    const [mine, theirs] = [readFileSync(one.file), readFileSync(two.file)];
    writeFileSync(one.file, theirs);
    expect(problemOf(await notes(running).list()).code).toBe("vault-other-store");
    expect(problemOf(await openFileVault(one)).code).toBe("vault-other-store");
    writeFileSync(two.file, mine);
    expect(problemOf(await openFileVault(two)).code).toBe("vault-other-store");
    writeFileSync(one.file, mine);
    writeFileSync(two.file, theirs);
    expect(await titles(one)).toEqual(["one", "two", "three"]);

    // A folder that was moved to where none has been, and one that comes after it.
    renameSync(one.configDir, `${one.configDir}-moved`);
    const moved = { ...one, configDir: `${one.configDir}-moved`, file: `${one.configDir}-moved/config.json` };
    expect(await titles(moved)).toEqual(["one", "two", "three"]);
    renameSync(two.configDir, one.configDir);
    expect(await titles({ ...two, configDir: one.configDir })).toEqual(["of two"]);
    expect(await titles(moved)).toEqual(["one", "two", "three"]);
  });

  test("a memory that does not say yet where a vault lies learns it when that is opened", async () => {
    const setup = await filled();
    const { [idOf(setup)]: seen } = JSON.parse(readFileSync(setup.guard, "utf8"));
    const { place, ...former } = seen;
    writeFileSync(setup.guard, JSON.stringify({ [idOf(setup)]: former }));
    expect(await titles(setup)).toEqual(["one", "two", "three"]);
    expect(place).toBe(setup.file);
    expect(JSON.parse(readFileSync(setup.guard, "utf8"))).toEqual({ [idOf(setup)]: seen });
  });

  test.each([
    ["is gone", (guard: string) => rmSync(guard), "missing"],
    ["is garbled", (guard: string) => writeFileSync(guard, "{"), "unreadable"],
    ["is empty", (guard: string) => writeFileSync(guard, ""), "unreadable"],
    ["says something else", (guard: string) => writeFileSync(guard, '{"rev":"1"}'), "unreadable"],
    ["is a folder", replaceByFolder, "unreadable"],
  ])(
    "the memory of the highest revision %s: it is said, and made anew where it can be",
    async (_how, spoil, memory) => {
      const setup = await filled();
      expect((await opened(setup)).memory).toBe("kept");
      spoil(setup.guard);
      const vault = await opened(setup);
      expect(vault.memory).toBe(memory);
      expect(value(await vault.facts()).memory).toBe(memory);
      if (statSync(setup.guard).isDirectory()) return;
      copyFileSync(join(setup.configDir, "backups/config.2.json"), setup.file);
      expect(problemOf(await openFileVault(setup)).code).toBe("vault-rolled-back");
    },
  );

  test.each([
    ["the log", "audit.jsonl", "{}\n"],
    ["the sessions", "sessions.json", '{"format":"cloak-sealed","v":2}'],
  ])(
    "file, backups and memory are gone, %s is left: no new vault is begun unasked",
    async (_what, name, text) => {
      const setup = scratchVault();
      const trace = join(setup.configDir, name);
      writeFileSync(trace, text, { mode: 0o600 });
      const trouble = problemOf(await openFileVault(setup));
      expect(trouble).toMatchObject({
        code: "vault-damaged",
        facts: { reason: "missing", traces: [trace] },
      });
      expect(existsSync(setup.file)).toBe(false);
      execFileSync("sh", ["-c", String(trouble.facts.command)]);
      expect(await titles(setup)).toEqual([]);
      expect(existsSync(trace)).toBe(false);
      const kept = readdirSync(setup.configDir).find((file) => file.startsWith(`${name}.before-`)) ?? "";
      expect(readFileSync(join(setup.configDir, kept), "utf8")).toBe(text);
    },
  );

  test("a file of somebody else's beside it does not keep a new vault from beginning", async () => {
    const setup = scratchVault();
    writeFileSync(join(setup.configDir, "notes.json"), "{}");
    expect(await titles(setup)).toEqual([]);
  });

  test("another file of the same revision is a rollback too", async () => {
    const setup = await filled();
    copyFileSync(setup.file, `${setup.file}.kept`);
    copyFileSync(join(setup.configDir, "backups/config.3.json"), setup.file);
    rmSync(setup.guard);
    value(await notes(await opened(setup)).create({ meta: { title: "branch" } }));
    renameSync(`${setup.file}.kept`, setup.file);
    expect(problemOf(await openFileVault(setup)).code).toBe("vault-rolled-back");
  });

  test.each([
    ["is gone", undefined, ["two"]],
    ["was written by the old program", '{"version":1,"connections":[],"preferences":{}}', ["two", "taken"]],
  ])(
    "the folder %s, and every backup too: the command that is shown lets a new vault begin",
    async (_name, text, after) => {
      const setup = await filled();
      rmSync(setup.configDir, { recursive: true });
      mkdirSync(setup.configDir, { mode: 0o700 });
      if (text !== undefined) writeFileSync(setup.file, text, { mode: 0o600 });
      const takeOver = () => ok([{ kind: "note", meta: { title: "taken" } }]);
      const trouble = problemOf(await openFileVault(setup, { takeOver }));
      expect(trouble.code).toBe("vault-damaged");
      execFileSync("sh", ["-c", String(trouble.facts.command)]);
      const vault = await opened(setup, { takeOver });
      value(await notes(vault).create({ meta: { title: "two" } }));
      expect((await titles(setup)).sort()).toEqual([...after].sort());
    },
  );

  test("a backup that does not open is passed over", async () => {
    const setup = await filled();
    truncateSync(setup.file, 10);
    truncateSync(join(setup.configDir, "backups/config.3.json"), 10);
    expect(problemOf(await openFileVault(setup)).facts).toMatchObject({ backupRev: 2 });
  });

  test("and so is one that is another revision than its name says", async () => {
    const setup = await filled();
    truncateSync(setup.file, 10);
    copyFileSync(
      join(setup.configDir, "backups/config.1.json"),
      join(setup.configDir, "backups/config.3.json"),
    );
    expect(problemOf(await openFileVault(setup)).facts).toMatchObject({ backupRev: 2 });
  });

  test("a vault that is open notices what happens to its file", async () => {
    const setup = await filled();
    const vault = await opened(setup);
    const before = readFileSync(setup.file);
    writeFileSync(setup.file, "{");
    expect(problemOf(await notes(vault).list()).code).toBe("vault-damaged");
    expect(problemOf(await notes(vault).create({ meta: { title: "lost" } })).code).toBe("vault-damaged");
    expect(readFileSync(setup.file, "utf8")).toBe("{");
    rmSync(setup.file);
    expect(problemOf(await notes(vault).create({ meta: { title: "lost" } })).code).toBe("vault-damaged");
    expect(existsSync(setup.file)).toBe(false);
    writeFileSync(setup.file, before, { mode: 0o600 });
    expect(value(await notes(vault).list())).toHaveLength(3);
  });
});

describe("where the file lies", () => {
  test("a link of a dotfile manager is followed, and stays one", async () => {
    const setup = await filled();
    const target = join(setup.configDir, "..", "dotfiles");
    mkdirSync(target, { mode: 0o700 });
    renameSync(setup.file, join(target, "cloak.json"));
    symlinkSync(join(target, "cloak.json"), setup.file);
    const vault = await opened(setup);
    value(await notes(vault).create({ meta: { title: "linked" } }));
    expect(readdirSync(target).sort()).toEqual(["backups", "cloak.json", "cloak.json.lock"]);
    expect(await titles(setup)).toEqual(["one", "two", "three", "linked"]);
    expect(readFileSync(setup.file)).toEqual(readFileSync(join(target, "cloak.json")));
    chmodSync(target, 0o777);
    expect(problemOf(await openFileVault(setup)).facts).toMatchObject({
      reason: "folder-writable",
      path: target,
    });
  });

  test("what a killed process left beside it is cleared away at the next start", async () => {
    const setup = await filled();
    const left = `${setup.file}.0123456789abcdef.tmp`;
    writeFileSync(left, "half a fil", { mode: 0o600 });
    linkSync(setup.file, `${setup.file}.keep.tmp`);
    await opened(setup);
    expect(existsSync(left)).toBe(false);
    expect(existsSync(`${setup.file}.keep.tmp`)).toBe(true);
  });

  test("the ten newest revisions are kept as backups that open", async () => {
    const setup = await filled();
    const vault = await opened(setup);
    for (let count = 0; count < 12; count += 1)
      value(await notes(vault).create({ meta: { title: `${count}` } }));
    const { backups, rev } = value(await vault.facts());
    expect(rev).toBe(16);
    expect(backups.map((backup) => backup.rev)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6]);
    for (const backup of backups) expect(statSync(backup.place).mode & 0o777).toBe(0o600);
  });

  test("its facts", async () => {
    const setup = await filled();
    expect(value(await (await opened(setup)).facts())).toMatchObject({
      path: setup.file,
      format: "cloak-config",
      version: 3,
      rev: 4,
      records: 3,
      keyBesideData: true,
      key: { from: "generated", path: setup.keyFile, kind: "raw" },
    });
  });
});

function idOf(setup: ScratchVault): string {
  return (JSON.parse(readFileSync(setup.file, "utf8")) as { readonly storeId: string }).storeId;
}

function replaceByFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}
