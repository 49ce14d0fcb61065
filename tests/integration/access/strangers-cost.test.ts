import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { userMeta } from "#lib/team/users.ts";
import { collection } from "#lib/vault/collection.ts";
import type { Workspace } from "#lib/workspace.ts";
import { value } from "#tests/support/scratch-vault.ts";

/* What a stranger can ask for as often as they like must not cost more with each user: the records opened are counted. */

const folder = mkdtempSync(join(tmpdir(), "cloak-cost-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
process.env.CLOAK_DB_LOG_LEVEL = "silent";
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let openedRecords = 0;
vi.mock("#lib/vault/records.ts", async (original) => {
  const records = await original<typeof import("#lib/vault/records.ts")>();
  const openMeta: typeof records.openMeta = (...given) => {
    openedRecords += 1;
    return records.openMeta(...given);
  };
  return { ...records, openMeta };
});
const sent = new Headers({ host: "127.0.0.1:3000" });
vi.mock("next/headers", () => ({ headers: async () => sent, cookies: async () => new Map() }));
vi.mock("next/navigation", () => import("next/dist/client/components/navigation.react-server.js"));

let kept: Workspace;
beforeAll(async () => {
  const { workspace } = await import("#app/_server/workspace.ts");
  kept = value(await workspace());
});

async function openedBy(work: () => Promise<unknown>): Promise<number> {
  openedRecords = 0;
  await work();
  return openedRecords;
}

const health = async () => (await import("#app/api/health/route.ts")).GET();
const loginPage = async () => (await import("#app/_server/guard.ts")).loginPage(undefined);

test("health and the login page open no user's record, with one user or with two hundred", async () => {
  await expect(loginPage()).rejects.toThrow("NEXT_REDIRECT");
  for (const count of [1, 199]) {
    const metas = Array.from({ length: count }, (_, n) => ({
      meta: {
        name: `user ${count}-${n}`,
        role: "owner",
        disabled: false,
        createdAt: 0,
        sessionsFrom: 1,
      } as const,
    }));
    value(await collection(kept.vault, "user", userMeta).createAll(metas));
    expect(await openedBy(health)).toBe(0);
    expect((await health()).status).toBe(200);
    expect(await openedBy(loginPage)).toBe(0);
  }
  // The count would show it.
  expect(await openedBy(() => kept.users.list())).toBe(200);
});
