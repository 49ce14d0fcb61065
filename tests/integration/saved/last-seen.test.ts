import { expect, test } from "vitest";
import { lastSeen, type Seen } from "#lib/saved/last-seen.ts";
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
  const file = vault.document("last-seen");
  let writings = 0;
  const counting = {
    ...vault,
    document: () => ({
      ...file,
      change: (edit: (content: unknown) => unknown) => {
        writings += 1;
        return file.change(edit);
      },
    }),
  };
  const notes = lastSeen(counting);
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
  const file = vault.document("last-seen");
  let fails = true;
  const failing = {
    ...vault,
    document: () => ({
      ...file,
      change: async (edit: (content: unknown) => unknown) => {
        if (fails) throw new Error("the disk is gone");
        return file.change(edit);
      },
    }),
  };
  const notes = lastSeen(failing);
  await expect(notes.note("one", seen(null))).rejects.toThrow("gone");
  fails = false;
  value(await notes.note("two", seen(null)));
  expect((await notes.all()).has("two")).toBe(true);
});
