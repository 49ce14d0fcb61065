import { copyFileSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { exchangeInPlace } from "#lib/stores/file/exchange-in-place.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Vault } from "#lib/vault/vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import { diskWith, systemError } from "#tests/support/failing-disk.ts";
import {
  opened,
  openFileVault,
  problemOf,
  type ScratchVault,
  scratchVault,
  value,
} from "#tests/support/scratch-vault.ts";

const notes = (vault: Vault) => collection(vault, "note", z.strictObject({ text: z.string() }));
const openWith = (scratch: ScratchVault) => (key: VaultKey) =>
  openVault(fileStore(scratch), keySource({ from: "variable", value: key.text }));

test("a running console goes on with the key that was put in its file's place", async () => {
  const scratch = scratchVault();
  const console1 = await opened(scratch);
  copyFileSync(scratch.keyFile, join(scratch.stateDir, "leaked"));
  const exchanged = value(await exchangeInPlace(await opened(scratch), scratch.keyFile, openWith(scratch)));
  value(await notes(console1).create({ meta: { text: "after" } }));
  const { slot, document } = value(await console1.read());
  expect([slot.kid, document.slots.length, exchanged.continued]).toEqual([exchanged.slot, 1, false]);
  const leaked = { ...scratch, key: { from: "file" as const, path: join(scratch.stateDir, "leaked") } };
  expect(problemOf(await openFileVault(leaked)).code).toBe("vault-wrong-key");
});

test("wherever the disk fails, the file opens the vault, and the same again goes on to the end", async () => {
  const changes = new Set(["mkdir", "link", "rename", "unlink", "handle.write", "handle.sync"]);
  const seen = new Set<boolean>();
  // Every second call, until nothing fails any more, since it is done before.
  for (let at = 1, isMet = true; isMet; at += 2) {
    const scratch = scratchVault();
    const vault = await opened(scratch);
    value(await notes(vault).create({ meta: { text: "kept" } }));
    const before = readFileSync(scratch.keyFile, "utf8");
    let calls = 0;
    const disk = diskWith((call) => {
      if (!changes.has(call)) return;
      calls += 1;
      if (calls === at) throw systemError("ENOSPC", call);
    });
    const failing = value(await openFileVault(scratch, { disk }));
    const first = await exchangeInPlace(
      failing,
      scratch.keyFile,
      (key) => openVault(fileStore(scratch, { disk }), keySource({ from: "variable", value: key.text })),
      disk,
    );
    isMet = calls >= at;
    const between = await opened(scratch);
    expect(value(await notes(between).list()).map(({ meta }) => meta.text)).toEqual(["kept"]);
    if (!first.ok) {
      expect(first.problem.code).toBe("vault-write-failed");
      const again = value(await exchangeInPlace(between, scratch.keyFile, openWith(scratch)));
      seen.add(again.continued);
    }
    const { document } = value(await (await opened(scratch)).read());
    expect(document.slots).toHaveLength(1);
    expect(readFileSync(scratch.keyFile, "utf8")).not.toBe(before);
    expect([".new", ".old"].filter((end) => existsSync(`${scratch.keyFile}${end}`))).toEqual([]);
  }
  // Both halves were met: before the files were swapped, and after.
  expect(seen).toEqual(new Set([false, true]));
}, 120_000);

test("a mounted secret is a link, and stays", async () => {
  const scratch = scratchVault();
  const vault = await opened(scratch);
  const link = join(scratch.stateDir, "mounted");
  symlinkSync(scratch.keyFile, link);
  const refused = problemOf(await exchangeInPlace(vault, link, openWith(scratch)));
  expect([refused.code, refused.facts.reason]).toEqual(["setting-invalid", "not-in-place"]);
});
