import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { providers } from "#lib/providers/list.ts";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { look } from "#tests/support/look-at-page.ts";
import { overflows } from "#tests/support/overflow.ts";
import { setUp } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.describe.configure({ mode: "serial" });

let folder: string;
let fresh: TestConsole;
let page: Page;

test.beforeAll(async ({ browser, servers }) => {
  test.setTimeout(300_000);
  folder = mkdtempSync(path.join(tmpdir(), "cloak-db-door-"));
  const store = path.join(folder, "store.pem");
  // As a company's own authority stands in the system's store.
  writeFileSync(store, servers.ca.pem);
  fresh = await startConsole({ env: { SSL_CERT_FILE: store } });
  const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
  await setUp(page, fresh);
});
test.afterAll(async () => {
  await page?.context().close();
  await fresh?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Presses the keys of a paste, with this text on the clipboard. */
async function paste(text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press("ControlOrMeta+V");
}

const secret = demoUser.password;
const stringFor = (port: number) =>
  `postgres://${demoUser.user}:${secret}@localhost:${port}/${demoUser.database}?sslmode=verify-full`;

test("an empty console shows the paste box, the providers and the four modes", async () => {
  await expect(page.getByRole("textbox", { name: "Paste any connection" })).toBeVisible();
  const tiles = page.getByRole("region", { name: "Or start from your provider" });
  await expect(tiles.getByRole("link")).toHaveCount(providers.length);
  const modes = page.getByRole("region", { name: "What each TLS mode proves" }).getByRole("listitem");
  await expect(modes).toHaveCount(4);
  await expect(modes.last()).toContainText("Only the server with that name can answer.");
  expect([...(await look(page)), ...(await overflows(page, "the empty console"))]).toEqual([]);
});

test("a provider's tile opens the form with its defaults and its notes, and nothing to lose", async () => {
  await page.getByRole("link", { name: /^Neon/ }).click();
  await expect(page.getByRole("region", { name: "About Neon" })).toBeVisible();
  await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
  await page.getByRole("link", { name: "Connections", exact: true }).first().click();
  await expect(page.getByRole("textbox", { name: "Paste any connection" })).toBeVisible();
});

test("what is no connection is left alone; in a field it is the field's", async () => {
  await page.getByRole("heading", { name: "Connections", exact: true }).click();
  await paste("Dear all, the meeting is at 10: please come.");
  await expect(page).toHaveURL(/\/connections$/);
});

test("one paste and three presses lead from an empty console to a verified session", async ({ servers }) => {
  await page.getByRole("heading", { name: "Connections", exact: true }).click();
  await paste(stringFor(servers.verified.port));
  await expect(page.getByRole("textbox", { name: "Host" })).toHaveValue("localhost");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(secret);
  expect(page.url()).toBe(`${fresh.url}/connections/new`);
  // Neither in the box, nor in what the browser keeps.
  await expect(page.getByRole("textbox", { name: "Connection string" })).not.toHaveValue(new RegExp(secret));
  expect(
    await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }])),
  ).not.toContain(secret);

  // The keyboard stands where one goes on: 1, the test.
  await expect(page.getByRole("button", { name: "Test connection" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Connected/).first()).toBeVisible({ timeout: 20_000 });
  // 2, the session.
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const badge = page.getByRole("button", { name: /^TLS/ });
  await expect(badge).toHaveText(/Verified: chain and name/, { timeout: 20_000 });
  // 3, it is kept.
  await page.getByRole("button", { name: "Save connection" }).click();
  await expect(page.getByText("localhost saved.")).toBeVisible();
});

test("a paste into the box opens the form too, and several connections are offered as a list", async () => {
  // The same box as on the empty console: a second one, whose vault is as empty.
  const other = await startConsole();
  try {
    await setUp(page, other);
    await page.getByRole("textbox", { name: "Paste any connection" }).focus();
    await paste("A=postgres://app:one@a.example.test/x\nB=postgres://app:two@b.example.test/y\n");
    await expect(page).toHaveURL(/\/connections\/new$/);
    await expect(page.getByText(/2 connections/)).toBeVisible();
  } finally {
    await other.stop();
  }
});
