import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { readEnvironment } from "#lib/env.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { value } from "#tests/support/scratch-vault.ts";

const folder = mkdtempSync(join(tmpdir(), "cloak-sessions-"));
process.env.CLOAK_DB_CONFIG_DIR = join(folder, "config");
process.env.CLOAK_DB_STATE_DIR = join(folder, "state");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said: Record<string, unknown>[] = [];
vi.mock("#app/_server/log.ts", () => {
  const note = (facts: Record<string, unknown>) => said.push(facts);
  return { log: () => ({ error: note, warn: note, info: () => undefined }) };
});

test("a console that starts on a list of sessions from a backup says in both logs that they ended", async () => {
  const before = value(await openWorkspace(value(readEnvironment())));
  const path = join(folder, "config", "sessions.json");
  const { session } = value(await before.sessions.start("ada", "x", 1));
  copyFileSync(path, `${path}.bak`);
  value(await before.sessions.end("ada", session.id));
  copyFileSync(`${path}.bak`, path);

  const { workspace } = await import("#app/_server/workspace.ts");
  const opened = value(await workspace());
  expect(await opened.sessions.list("ada")).toEqual([]);
  expect(said).toMatchObject([{ problem: "vault-rolled-back", facts: { path, rev: 1, highestRev: 2 } }]);
  const { entries } = value(await opened.audit.newest(9));
  expect(entries).toMatchObject([{ actor: null, action: "sessions-discard", result: "vault-rolled-back" }]);
});
