import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ok } from "#lib/problems/result.ts";
import { lastSeen, type Seen } from "#lib/saved/last-seen.ts";
import type { SealedNotebook } from "#lib/vault/sealed-notebook.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { opened, scratchVault, value } from "#tests/support/scratch-vault.ts";

const seen = (problem: string | null): Seen => ({
  at: "2026-01-01T00:00:00.000Z",
  verified: null,
  encrypted: false,
  protocol: null,
  notAfter: null,
  serverVersion: null,
  problem,
});

test("notes that come at once are all kept, in few writings, and outlast a restart", async () => {
  const setup = scratchVault();
  const vault = await opened(setup);
  let writings = 0;
  const notes = lastSeen(
    withAppend(vault, (file, entries) => {
      writings += 1;
      return file.appendAll(entries);
    }),
  );
  const ids = Array.from({ length: 50 }, (_, index) => `connection-${index}`);
  const kept = ids.map((id) => notes.note(id, seen(null)));
  expect((await notes.all()).size).toBe(50);
  for (const one of await Promise.all(kept)) value(one);
  expect(writings).toBeLessThanOrEqual(2);

  await Promise.all([notes.note("connection-0", seen("net-refused")), notes.forget("connection-1")]);
  for (const reader of [notes, lastSeen(await opened(setup))]) {
    const all = await reader.all();
    expect(all.size).toBe(49);
    expect(all.get("connection-0")?.problem).toBe("net-refused");
    expect(all.has("connection-1")).toBe(false);
  }
});

test("one writing that fails does not keep the next from being tried", async () => {
  const vault = await opened(scratchVault());
  let fails = true;
  const notes = lastSeen(
    withAppend(vault, async (file, entries) => {
      if (fails) throw new Error("the disk is gone");
      return file.appendAll(entries);
    }),
  );
  await expect(notes.note("one", seen(null))).rejects.toThrow("gone");
  fails = false;
  value(await notes.note("two", seen(null)));
  expect((await notes.all()).has("two")).toBe(true);
});

test("a note costs a line, and after many of them one document takes their place", async () => {
  const setup = scratchVault();
  const vault = await opened(setup);
  const size = (name: string) => statSync(join(dirname(setup.file), name)).size;
  const notes = lastSeen(vault, 30);
  const ids = Array.from({ length: 20 }, (_, index) => `connection-${index}`);
  for (const one of await Promise.all(ids.map((id) => notes.note(id, seen(null))))) value(one);
  const whole = size("notebook/last-seen.jsonl");
  value(await notes.note("connection-3", seen("net-refused")));
  expect(size("notebook/last-seen.jsonl") - whole).toBeLessThan(whole / 10);
  value(await notes.forget("connection-5"));
  const both = async () => {
    const again = await lastSeen(await opened(setup)).all();
    expect([again.size, again.get("connection-3")?.problem]).toEqual([19, "net-refused"]);
  };
  await both();
  for (let round = 0; round < 10; round += 1) value(await notes.note("connection-4", seen(null)));
  expect(size("last-seen.json")).toBeGreaterThan(0);
  expect(size("notebook/last-seen.jsonl")).toBeLessThan(whole / 5);
  await both();
});

test("lines that outlast their document change nothing, and those after it do", async () => {
  const setup = scratchVault();
  const vault = await opened(setup);
  const { gather: _, ...file } = vault.notebook("last-seen");
  const kept = { ...file, gather: async () => ok(0) };
  const notes = lastSeen({ document: (name) => vault.document(name), notebook: () => kept }, 3);
  for (const id of ["one", "two", "three"]) value(await notes.note(id, seen(null)));
  const again = lastSeen(await opened(setup), 30);
  value(await again.note("two", seen("net-refused")));
  value(await again.forget("one"));
  const last = await lastSeen(await opened(setup)).all();
  expect([...last].map(([id, { problem }]) => [id, problem])).toEqual([
    ["two", "net-refused"],
    ["three", null],
  ]);
});

type Entries = Parameters<SealedNotebook["appendAll"]>[0];

function withAppend(
  vault: Vault,
  appendAll: (file: SealedNotebook, entries: Entries) => ReturnType<SealedNotebook["appendAll"]>,
): Pick<Vault, "notebook" | "document"> {
  const file = vault.notebook("last-seen");
  return {
    document: (name) => vault.document(name),
    notebook: () => ({ ...file, appendAll: (entries) => appendAll(file, entries) }),
  };
}
