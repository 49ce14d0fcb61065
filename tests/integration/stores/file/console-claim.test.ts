import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeDisk } from "#lib/stores/file/disk.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { systemError } from "#tests/support/failing-disk.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";

describe("one console at a time serves from a folder", () => {
  test("the second is refused and told who does, until the first gives it up", async () => {
    const setup = scratchVault();
    rmSync(setup.configDir, { recursive: true });
    const first = value(await fileStore(setup).claim());
    const refused = problemOf(await fileStore(setup).claim());
    expect(refused.code).toBe("vault-in-use");
    expect(refused.facts.path).toBe(setup.configDir);
    expect(refused.facts.holder).toContain(`pid ${process.pid}`);
    first.release();
    value(await fileStore(setup).claim()).release();
  });

  test("it keeps nobody from looking and saving: the command line needs no claim", async () => {
    const setup = scratchVault();
    const claim = value(await fileStore(setup).claim());
    const vault = await opened(setup);
    value(await vault.document("sessions").write([1]));
    expect(existsSync(join(setup.configDir, "console.lock"))).toBe(true);
    claim.release();
  });

  test("what a killed one left that waited for it is cleared away", async () => {
    const setup = scratchVault();
    const left = join(setup.configDir, `console.lock.${"0".repeat(16)}`);
    mkdirSync(left);
    value(await fileStore(setup).claim()).release();
    expect(existsSync(left)).toBe(false);
  });

  test("where nothing can be written that is said, and not that somebody else does", async () => {
    const setup = scratchVault();
    const disk = { ...nodeDisk, mkdir: () => Promise.reject(systemError("EROFS", "mkdir")) };
    expect(problemOf(await fileStore(setup, { disk }).claim())).toMatchObject({
      code: "vault-write-failed",
      facts: { error: "EROFS" },
    });
  });
});
