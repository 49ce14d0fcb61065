import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { collection } from "#lib/vault/collection.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

const notes = (vault: Awaited<ReturnType<typeof opened>>) =>
  collection(vault, "note", z.strictObject({ title: z.string() }));

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A process that is stopped while it holds the lock of a vault. */
async function stoppedHolder(file: string): Promise<ChildProcess> {
  const script = `
    import { acquireLock } from "#lib/stores/file/lock.ts";
    import { nodeDisk } from "#lib/stores/file/disk.ts";
    const taken = await acquireLock(nodeDisk, ${JSON.stringify(`${file}.lock`)}, performance.now() + 5000);
    if ("lock" in taken) console.log("held");
    setInterval(() => undefined, 1000);
  `;
  const args = ["--conditions=react-server", "--import", "tsx", "--input-type=module", "--eval", script];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  child.kill("SIGSTOP");
  return child;
}

describe("a writer that was stopped while it holds the lock", () => {
  test("keeps nobody waiting longer than the one deadline, is named, and sign-out goes on", async () => {
    const setup = scratchVault();
    const vault = await opened(setup, { patience: 800 });
    const sessions = vault.document("sessions");
    const log = vault.chainedLog("audit", z.strictObject({ text: z.string() }));
    const child = await stoppedHolder(setup.file);

    const begun = performance.now();
    const waits = Array.from({ length: 6 }, async (_, n) => {
      const outcome =
        n % 2 === 0
          ? await notes(vault).create({ meta: { title: `${n}` } })
          : await log.append({ text: `${n}` });
      return { ms: performance.now() - begun, trouble: problemOf(outcome) };
    });
    value(await sessions.write([]));
    const signedOutAfter = performance.now() - begun;
    for (const { ms, trouble } of await Promise.all(waits)) {
      expect(trouble.code).toBe("vault-busy");
      expect(trouble.facts).toMatchObject({ path: setup.file, saved: false });
      expect(ms).toBeGreaterThan(700);
      // Six one after another would take six times as long.
      expect(ms).toBeLessThan(2 * 800);
    }
    expect(signedOutAfter).toBeLessThan(800);
    const named = await Promise.all(waits.slice(0, 1));
    expect(named[0]?.trouble.facts.holder).toContain(`pid ${child.pid}`);

    child.kill("SIGKILL");
    await once(child, "exit");
    value(await notes(vault).create({ meta: { title: "at last" } }));
    expect(value(await notes(vault).list())).toHaveLength(1);
  });
});

describe("what is no lock that somebody holds", () => {
  test.each([["EMFILE"], ["ENFILE"], ["EROFS"], ["ENOSPC"]])("%s is said as what it is", async (code) => {
    const setup = scratchVault();
    let armed = false;
    const disk = diskWith((call) => {
      if (armed && (call === "mkdir" || call === "open")) throw systemError(code, call);
    });
    const vault = await opened(setup, { disk });
    armed = true;
    const trouble = problemOf(await notes(vault).create({ meta: { title: "x" } }));
    expect(trouble).toMatchObject({ code: "vault-write-failed", facts: { error: code, saved: false } });
  });

  test("a file system without hard links: the first start, and every save, need none", async () => {
    const setup = scratchVault();
    const disk = diskWith((call) => {
      if (call === "link") throw systemError("EPERM", "link");
    });
    const vault = await opened(setup, { disk });
    value(await notes(vault).create({ meta: { title: "one" } }));
    value(await notes(await opened(setup, { disk })).create({ meta: { title: "two" } }));
    expect(readdirSync(join(setup.configDir, "backups")).sort()).toEqual(["config.1.json", "config.2.json"]);
    expect(readdirSync(setup.stateDir).sort()).toEqual(["highest-revision.json", "vault.key"]);
  });

  test("half a key, token or link of a killed process is cleared away at the next save", async () => {
    const setup = scratchVault();
    const vault = await opened(setup);
    for (const name of ["vault.key", "setup-token", "sign-in-link.json", "highest-revision.json"]) {
      writeFileSync(join(setup.stateDir, `${name}.0123456789abcdef.tmp`), "half");
    }
    value(await notes(vault).create({ meta: { title: "one" } }));
    expect(readdirSync(setup.stateDir).sort()).toEqual(["highest-revision.json", "vault.key"]);
  });
});

describe("whether something could be written is tried out", () => {
  test("without reading a file, whatever is kept there", async () => {
    const setup = scratchVault();
    const calls: string[] = [];
    const disk = diskWith((call) => void calls.push(call));
    const vault = await opened(setup, { disk });
    value(await vault.document("last-seen").write({ much: "x".repeat(100_000) }));
    value(await vault.chainedLog("audit", z.strictObject({ text: z.string() })).append({ text: "x" }));
    calls.length = 0;
    value(await fileStore(setup, { disk }).tryOut());
    expect(calls.filter((call) => call.startsWith("handle.read"))).toEqual([]);
    expect(calls).toContain("handle.write");
  });

  test.each([
    ["a full disk", "handle.write", "ENOSPC"],
    ["a folder that is read-only", "open", "EROFS"],
  ])("%s", async (_what, at, code) => {
    const setup = scratchVault();
    let armed = false;
    const disk = diskWith((call) => {
      if (armed && call === at) throw systemError(code, call);
    });
    const store = fileStore(setup, { disk });
    value(await store.tryOut());
    armed = true;
    expect(problemOf(await store.tryOut())).toMatchObject({
      code: "vault-write-failed",
      facts: { error: code },
    });
    armed = false;
    value(await store.tryOut());
    expect(readdirSync(setup.configDir)).toEqual([]);
  });
});
