import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { finishRotation } from "#app/_server/finish-rotation.ts";
import { readEnvironment } from "#lib/env.ts";
import { collection } from "#lib/vault/collection.ts";
import { renewDataKey } from "#lib/vault/key-rotation.ts";
import { keyUses } from "#lib/vault/key-use.ts";
import { openWorkspace } from "#lib/workspace.ts";
import { scratchVault, value } from "#tests/support/scratch-vault.ts";

test("a console goes on with a rotation that the command line began, and notes when the former key goes", async () => {
  const { configDir, stateDir } = scratchVault();
  const env = {
    ...process.env,
    CLOAK_DB_CONFIG_DIR: configDir,
    CLOAK_DB_STATE_DIR: stateDir,
    HOME: configDir,
  };
  const open = async () => value(await openWorkspace(value(readEnvironment(env))));
  const here = await open();
  const notes = collection(here.vault, "note", z.strictObject({ text: z.string() }));
  value(await notes.create({ meta: { text: "kept" } }));
  const saving = { connectionId: "c1", id: "d1", rev: 0, window: "w1", edit: 1 };
  value(await here.drafts.save("user1", { ...saving, change: { text: "select 1" } }));
  const uses = async () => value(await keyUses(value(await here.vault.read()), here.store));

  value(await renewDataKey((await open()).vault));
  expect((await uses())[1]).toMatchObject({ active: false, entries: 1 });
  value(await finishRotation(here));
  expect((await uses())[1]).toMatchObject({ active: false, boxes: 0, documents: 0, entries: 0, backups: 1 });
  rmSync(join(configDir, "backups"), { recursive: true });
  value(await finishRotation(here));
  expect(await uses()).toHaveLength(1);
  expect(value(await here.drafts.find("user1", "c1", "d1"))?.text).toBe("select 1");
  const lines = value(await here.audit.newest(1)).entries;
  expect(lines.map(({ action, actor }) => [action, actor])).toEqual([["key-drop", null]]);
  // Nothing to do: nothing is written.
  const { rev } = value(await here.vault.read()).document;
  value(await finishRotation(here));
  expect(value(await here.vault.read()).document.rev).toBe(rev);
});
