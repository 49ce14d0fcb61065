import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { signIn } from "#tests/support/person.ts";
import { test } from "#tests/support/sample-servers.ts";

const dsql = "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws";

test("D8, D9: a connection is copied from the form and from Settings", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Ledger");
  await page.getByRole("textbox", { name: "Host", exact: true }).fill(dsql);
  // The provider is known by its host, and brings its user and database.
  await expect(page.getByRole("textbox", { name: "User", exact: true })).toHaveValue("admin");
  await page.getByRole("combobox", { name: "Sign in with" }).selectOption("password");
  await page.getByLabel("Password", { exact: true }).fill("p$w 1");

  await page.getByRole("button", { name: "Copy as…" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy as" });
  const text = dialog.getByRole("region", { name: "Text to copy" });
  await expect(text).toHaveText(
    `psql 'host=${dsql} port=5432 dbname=postgres user=admin sslmode=verify-full sslnegotiation=direct sslrootcert=system'`,
  );
  // By keyboard: the next form, which on Windows takes a file in place of the system's store.
  await dialog.getByRole("radio", { name: "Linux, macOS" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(text).toHaveText(
    `psql "host=${dsql} port=5432 dbname=postgres user=admin sslmode=verify-full sslnegotiation=direct sslrootcert=ca.pem"`,
  );
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download ca.pem" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("ca.pem");
  // Amazon's roots alone, not the whole store.
  const roots = readFileSync(await download.path(), "utf8").match(/-----BEGIN CERTIFICATE-----/g);
  expect(roots?.length).toBeGreaterThan(3);
  expect(roots?.length).toBeLessThan(10);

  await dialog.getByRole("button", { name: "Include typed secrets" }).click();
  await dialog.getByRole("button", { name: "Include secrets" }).click();
  await expect(text).toContainText('set "PGPASSWORD=p$w 1"');
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/connections$/);
  await page.getByRole("button", { name: "Actions for Ledger" }).click();
  await page.getByRole("menuitem", { name: "Copy as…" }).click();
  await dialog.getByRole("radio", { name: "Kubernetes Secret" }).check({ force: true });
  await expect(text).toContainText("kind: Secret");
  // A stored secret never comes to the browser, so there is none to include.
  await expect(text).not.toContainText("p$w 1");
  await expect(dialog.getByRole("button", { name: "Include typed secrets" })).toHaveCount(0);
  await noOverflow(page);
});

async function noOverflow(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 844 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
}
