import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { owner, signIn } from "#tests/support/person.ts";

// What an owner does so that nothing is lost: a second key, a backup, an export, and the way back.

const secret = "canary-of-a-till";
const passphrase = "twelve blue herons at noon";

let consoleServer: TestConsole;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  consoleServer = await startConsole();
});
test.afterAll(() => consoleServer?.stop());

test("an owner adds a key, keeps a backup, carries connections, and goes back to an earlier revision", async ({
  page,
}) => {
  const dialog = page.getByRole("dialog");
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      ["TILL", "DEPOT"]
        .map((name) => `${name}_URL=postgres://app:${secret}@db.example.test/${name}?sslmode=verify-full`)
        .join("\n"),
    );
  await page.getByRole("button", { name: "Choose which to save" }).click();
  await dialog.getByRole("button", { name: "Save 2 connections" }).click();
  await expect(page.getByRole("link", { name: "TILL_URL", exact: true })).toBeVisible();

  await test.step("a passphrase opens the vault, too", async () => {
    await page.goto(`${consoleServer.url}/settings/security`);
    const add = page.getByRole("button", { name: "Add passphrase…" });
    await add.press("Enter");
    await expect(dialog.getByLabel("Passphrase", { exact: true })).toBeFocused();
    await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
    await dialog.getByLabel("Repeat the passphrase").fill(passphrase);
    await dialog.getByLabel("Your console password").fill("not mine");
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("Wrong password.")).toBeVisible();
    await dialog.getByLabel("Your console password").fill(owner.password);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Passphrase added.")).toBeVisible();
    await expect(add).toBeFocused();
    const keys = page.getByRole("list", { name: "Keys that open the vault" }).getByRole("listitem");
    await expect(keys).toHaveCount(2);
    await expect(keys.filter({ hasText: "Passphrase" })).toBeVisible();
  });

  await test.step("a backup is one sealed file", async () => {
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download backup" }).click();
    const file = readFileSync(await (await coming).path(), "utf8");
    expect(JSON.parse(file)).toBeTruthy();
    expect(file).not.toMatch(/canary|TILL|example\.test/);
  });

  const sealed = await test.step("connections leave with their secrets, encrypted", async () => {
    await page.goto(`${consoleServer.url}/settings`);
    await page.getByRole("button", { name: "Export…" }).click();
    await dialog.getByRole("radio", { name: /With a passphrase/ }).check();
    await dialog.getByLabel("Passphrase", { exact: true }).fill(passphrase);
    await dialog.getByLabel("Repeat the passphrase").fill(passphrase);
    const coming = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export 2 connections" }).click();
    const file = await (await coming).path();
    expect(readFileSync(file, "utf8").startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n")).toBe(true);
    await expect(dialog).toHaveCount(0);
    return file;
  });

  await test.step("and come in again, after a look at what will happen", async () => {
    await page.getByRole("button", { name: "Import…" }).click();
    await dialog.locator("input[type=file]").setInputFiles(sealed);
    await expect(dialog.getByLabel("Passphrase of the file")).toBeFocused();
    await page.keyboard.type(passphrase);
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("2 connections · Cloak DB export")).toBeFocused();
    await expect(dialog.getByRole("button", { name: "Import 0 connections" })).toBeDisabled();
    const till = dialog.getByRole("listitem").filter({ hasText: "TILL_URL" }).first();
    await expect(till).toContainText("Name taken, skipped");
    await expect(till).toContainText("Secrets in the file: Password");
    await dialog.getByLabel("What to do with TILL_URL").selectOption("Add under another name");
    await expect(till).toContainText("New, under another name");
    await dialog.getByRole("button", { name: "Import 1 connection" }).click();
    await expect(page.getByText("1 connection imported")).toBeVisible();
    await expect(page.getByText("TILL_URL (2)")).toBeVisible();
  });

  await test.step("the revision before the import is restored, asked for by name", async () => {
    await page.goto(`${consoleServer.url}/settings/security`);
    await expect(page.getByText("Connections added since: TILL_URL (2)").first()).toBeVisible();
    await page
      .getByRole("button", { name: /^Restore revision/ })
      .first()
      .press("Enter");
    await expect(dialog).toContainText("Connections that will be removed: TILL_URL (2)");
    await dialog.getByLabel("Your console password").fill(owner.password);
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^The backup is restored\./)).toBeVisible();
    await signInAgain(page);
    await expect(page.getByRole("link", { name: "TILL_URL", exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "TILL_URL (2)" })).toHaveCount(0);
  });
});

/** The page of the restore is the sign-in already. */
async function signInAgain(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "User name" }).fill(owner.name);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/connections/);
}
