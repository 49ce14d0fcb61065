import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { newHolder } from "#lib/stores/file/lock-holder.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { diskWith, shortWritingDisk, systemError } from "#tests/support/failing-disk.ts";
import { opened, openFileVault, scratchVault, value } from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ title: z.string() }));

describe("a save on a failing disk (1.4)", () => {
  /** The disk fails at its first call, then at its second, and so on until a save meets no failure any more. */
  test.each([["ENOSPC"], ["EIO"]])(
    "%s at any call: an error is shown, old or new is there, and the next save works",
    async (code) => {
      const setup = scratchVault();
      value(await notes(await opened(setup)).create({ id: "n", meta: { title: "old" } }));
      let at = 0;
      let failures = 0;
      for (let finished = false; !finished; ) {
        at += 1;
        let armed = false;
        let count = 0;
        let hit = "";
        const disk = diskWith((call) => {
          if (armed) count += 1;
          if (armed && count === at) {
            hit = call;
            throw systemError(code, call);
          }
        });
        const vault = await opened(setup, { disk });
        const before = value(await notes(vault).find("n"));
        if (before === undefined) throw new Error("the note is gone");
        armed = true;
        const title = `${code} at ${at}`;
        const outcome = await notes(vault)
          .update("n", before.rev, { meta: { title } })
          .catch((error: unknown) => error);
        armed = false;
        finished = hit === "";
        const after = value(await notes(await opened(setup)).find("n"))?.meta.title;
        const saved = hasSaved(outcome);
        if (saved !== undefined) expect(after, `${hit}, call ${at}`).toBe(saved ? title : before.meta.title);
        expect([title, before.meta.title]).toContain(after);
        if (!finished && saved !== true) failures += 1;
        // The same vault, still open, can save again at once.
        const rev = value(await notes(vault).find("n"))?.rev ?? 0;
        value(await notes(vault).update("n", rev, { meta: { title: "again" } }));
        expect(readdirSync(setup.configDir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      }
      expect(failures).toBeGreaterThan(10);
    },
  );

  test("a disk that writes a few bytes at a time gets all of them", async () => {
    const setup = scratchVault();
    const vault = await opened(setup, { disk: shortWritingDisk(13) });
    value(await notes(vault).create({ meta: { title: "short" }, secrets: { password: new Secret("pw") } }));
    expect(value(await notes(await opened(setup)).list())).toHaveLength(1);
  });

  test("a disk that gives back something else is found out before the old file is touched", async () => {
    const setup = scratchVault();
    await opened(setup);
    const before = readFileSync(setup.file);
    const plain = await opened(setup);
    let armed = false;
    const disk = diskWith(() => undefined);
    const open = disk.open;
    const lying = {
      ...disk,
      open: async (...given: Parameters<typeof open>) => {
        const handle = await open(...given);
        const isTemporary = String(given[0]).endsWith(".tmp");
        return new Proxy(handle, {
          get: (target, name) => {
            if (name === "readFile" && armed && isTemporary) {
              return async () => (await target.readFile("utf8")).replace(/"rev":\d/, '"rev":9');
            }
            const member: unknown = Reflect.get(target, name, target);
            return typeof member === "function" ? member.bind(target) : member;
          },
        });
      },
    };
    const vault = await opened(setup, { disk: lying });
    armed = true;
    const outcome = await notes(vault).create({ meta: { title: "lost" } });
    expect(outcome.ok ? "" : outcome.problem).toMatchObject({
      code: "vault-write-failed",
      facts: { saved: false, error: "EREADBACK" },
    });
    expect(readFileSync(setup.file)).toEqual(before);
    expect(value(await notes(plain).list())).toEqual([]);
  });

  test("a new vault on a failing disk: either there is one, or there is nothing that blocks the next try", async () => {
    for (let at = 1, finished = false; !finished; at += 1) {
      const setup = scratchVault();
      let hit = false;
      const disk = diskWith((call, count) => {
        if (count === at) {
          hit = true;
          throw systemError("ENOSPC", call);
        }
      });
      await openFileVault(setup, { disk }).catch(() => undefined);
      finished = !hit;
      const vault = await opened(setup);
      value(await notes(vault).create({ meta: { title: "works" } }));
    }
  });
});

/** What a save says of itself; undefined when it ended in an exception, where both are possible. */
function hasSaved(outcome: unknown): boolean | undefined {
  if (typeof outcome !== "object" || outcome === null || !("ok" in outcome)) return undefined;
  if (outcome.ok === true) return true;
  const { problem } = outcome as unknown as { problem: { code: string; facts: { saved?: boolean } } };
  if (problem.code === "vault-damaged") return false;
  expect(problem.code).toBe("vault-write-failed");
  return problem.facts.saved === true;
}

describe("what killed processes left is cleared away", () => {
  test("half a notebook, at the next save", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    value(await vault.notebook("person").append("entry", 1));
    const half = join(setup.configDir, "notebook", `person.jsonl.${"0".repeat(16)}.tmp`);
    writeFileSync(half, "half");
    value(await notes(vault).create({ meta: { title: "next" } }));
    expect(existsSync(half)).toBe(false);
    expect(value(await vault.notebook("person").find("entry"))?.value).toBe(1);
  });

  test("but not what a living one puts in its place just then", async () => {
    const setup = scratchVault();
    await opened(setup);
    const [fresh, document] = [`sessions.json.${"0".repeat(16)}.tmp`, "sessions.json"];
    const disk: Disk = {
      ...nodeDisk,
      unlink: async (path) => {
        if (String(path).endsWith(fresh)) renameSync(path, join(setup.configDir, document));
        return nodeDisk.unlink(path);
      },
    };
    const vault = await opened(setup, { disk });
    writeFileSync(join(setup.configDir, fresh), "of a living one");
    value(await notes(vault).create({ meta: { title: "saved all the same" } }));
    expect(readdirSync(setup.configDir)).toContain(document);
  });

  test("the lock of a first start that had made its key and no more, at the next one", async () => {
    const setup = scratchVault();
    value(await keySource(setup.key).loadOrMake());
    const key = readFileSync(setup.keyFile, "utf8");
    const [held, waiting] = [`${setup.keyFile}.lock`, `${setup.keyFile}.lock.${"0".repeat(16)}`];
    for (const folder of [held, waiting]) mkdirSync(folder);
    const gone = { ...(await newHolder()), start: "1", token: "0".repeat(16) };
    writeFileSync(join(held, gone.token), JSON.stringify(gone));
    await opened(setup);
    expect(readdirSync(setup.stateDir).filter((name) => name.includes("lock"))).toEqual([]);
    expect(readFileSync(setup.keyFile, "utf8")).toBe(key);
  });
});

describe("the folder cannot be synced after a file was replaced in it", () => {
  test.each<
    readonly [string, (vault: Vault) => Promise<Result<unknown>>, (vault: Vault) => Promise<unknown>]
  >([
    [
      "a document, written",
      (vault) => vault.document("moves").write("new"),
      async (vault) => value(await vault.document("moves").read()),
    ],
    [
      "a document, changed",
      (vault) => vault.document("moves").change(() => "new"),
      async (vault) => value(await vault.document("moves").read()),
    ],
    [
      "a notebook, gathered",
      (vault) => vault.notebook("person").gather(new Set(["old"])),
      async (vault) => (value(await vault.notebook("person").find("old")) === undefined ? "new" : "old"),
    ],
  ])("%s: it is in its place, and that is said", async (_what, write, read) => {
    const setup = scratchVault();
    const vault = await opened(setup);
    value(await vault.document("moves").write("old"));
    value(await vault.notebook("person").append("old", 1));
    let syncs = 0;
    const disk = diskWith((call) => {
      // The file's own, then its folder's.
      if (call === "handle.sync") syncs += 1;
      if (call === "handle.sync" && syncs === 2) throw systemError("EIO", "fsync");
    });
    const failing = await opened(setup, { disk });
    syncs = 0;
    const outcome = await write(failing);
    expect(outcome.ok ? "" : outcome.problem).toMatchObject({
      code: "vault-write-failed",
      facts: { step: "sync", error: "EIO", saved: true },
    });
    expect(await read(await opened(setup))).toBe("new");
  });
});
