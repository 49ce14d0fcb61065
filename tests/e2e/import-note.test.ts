import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { startConsole } from "#tests/support/console-server.ts";
import { signIn } from "#tests/support/person.ts";

test("the note of an import is dismissed for good, and the form saves on", async ({ page }) => {
  test.setTimeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-import-"));
  const configDir = path.join(folder, "config");
  mkdirSync(configDir, { mode: 0o700 });
  writeFileSync(path.join(configDir, "config.json"), JSON.stringify(oldFile), { mode: 0o600 });
  const consoleServer = await startConsole({ env: { CLOAK_DB_CONFIG_DIR: configDir } });
  try {
    await signIn(page, consoleServer);
    await page.goto(`${consoleServer.url}/settings`);
    const row = page.getByRole("group", { name: "Actions for Broken" });
    await row.getByRole("link", { name: "Edit" }).click();
    const note = page.getByRole("note").filter({ hasText: "Imported from Cloak DB 0.3" });
    await expect(note).toBeVisible();
    await page.getByRole("button", { name: "Dismiss this note" }).click();
    await expect(note).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Broken");
    await expect(note).toHaveCount(0);

    await page.getByRole("textbox", { name: "Host" }).fill("db.example.test");
    await page.getByRole("textbox", { name: "User" }).fill("app");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
  } finally {
    await consoleServer.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

const oldFile = {
  version: 1,
  connections: [
    {
      id: "a2",
      name: "Broken",
      default: false,
      createdAt: "2025-02-02T03:04:05.000Z",
      connectionString: "postgres://app:s3cr3t/three@x@db/shop",
    },
  ],
  preferences: { theme: "dark", defaultSchema: "public", defaultPageSize: 25 },
};
