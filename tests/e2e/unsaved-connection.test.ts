import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { outcome, signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.describe.configure({ mode: "serial" });

const stringFor = (port: number, mode: string) =>
  `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?sslmode=${mode}`;

const badge = (page: Page) => page.getByRole("button", { name: /^TLS/ });
/** How many connections are saved: others may have been before this file began. */
async function savedCount(page: Page, consoleServer: { readonly url: string }): Promise<number> {
  await page.goto(`${consoleServer.url}/connections`);
  await expect(page.getByRole("heading", { name: "Connections", exact: true })).toBeVisible();
  return page.getByRole("table", { name: "Saved connections" }).getByRole("rowheader").count();
}
let saved = 0;

test("Connect saves nothing; what worked is saved by one press, under the same session", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  saved = await savedCount(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(stringFor(servers.verified.port, "require"));
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(badge(page)).toBeVisible();
  const address = page.url();
  expect(address).toMatch(/\/connections\/[A-Za-z0-9_-]{22}$/);
  await expect(page.getByText("This connection is not saved.")).toBeVisible();
  await expect(page.getByText("Not saved", { exact: true }).first()).toBeVisible();
  expect(await look(page)).toEqual([]);
  expect(
    await page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage)),
  ).not.toContain(demoUser.password);
  const pid = await backend(page);

  const list = await page.context().newPage();
  expect(await savedCount(list, consoleServer)).toBe(saved);
  // In the same browser it is there under its address; to nobody else.
  await list.goto(address);
  await expect(badge(list)).toBeVisible();
  await list.close();

  await sqlEditor(page).fill("select 'not lost'");
  await page.getByRole("textbox", { name: "Name" }).fill("Kept");
  await page.getByRole("textbox", { name: "Name" }).press("Enter");
  await expect(page.getByText("Kept saved.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Kept" })).toBeVisible();
  expect(page.url()).toBe(address);
  await expect(page.getByText("This connection is not saved.")).toHaveCount(0);
  await expect(sqlEditor(page)).toHaveText("select 'not lost'");
  expect(await backend(page)).toBe(pid);

  await page.goto(`${consoleServer.url}/connections`);
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Kept", exact: true }) });
  await expect(row).toBeVisible();
  await expect(row).not.toContainText("Not tested yet");
  await page.getByRole("link", { name: "New connection" }).click();
  await expect(page.getByRole("textbox", { name: "Host" })).toHaveValue("");
});

test("a Connect that fails stays on the form, with its fixes, and saves nothing", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  saved = await savedCount(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(stringFor(servers.selfSigned.port, "verify-full"));
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  expect(await outcome(page)).toBe("tls-self-signed");
  expect(page.url()).toMatch(/\/connections\/new$/);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(demoUser.password);
  await page.getByRole("button", { name: "Apply: Trust exactly this certificate" }).click();
  await expect(page.getByRole("status", { name: "Connection result" })).toContainText(/Connected/);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(badge(page)).toBeVisible();
  const address = page.url();

  // Its form is there as well: what was given stays on the host.
  await page.getByRole("link", { name: /^Edit / }).click();
  await expect(page.getByText("Stored", { exact: true })).toBeVisible();
  await page.getByRole("textbox", { name: "Database" }).fill("nowhere");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  expect(await outcome(page)).toBe("database-unknown");

  expect(await savedCount(page, consoleServer)).toBe(saved);
  await expect(page.getByRole("link", { name: "Kept", exact: true })).toBeVisible();

  // Signing out ends it.
  await page.getByRole("button", { name: /^Account of / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(/\/login/);
  await signIn(page, consoleServer);
  expect((await page.goto(address))?.status()).toBe(404);
});

test("a saved connection that was changed connects with the changes, which are saved when asked for", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.getByRole("link", { name: "Kept", exact: true }).click();
  await page.getByRole("link", { name: "Edit Kept in settings" }).click();
  const form = page.url();
  await page.getByRole("textbox", { name: "Name" }).fill("Kept and changed");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(badge(page)).toBeVisible();
  await expect(page.getByText("Your changes to Kept and changed are not saved.")).toBeVisible();
  const list = await page.context().newPage();
  await list.goto(`${consoleServer.url}/connections`);
  await expect(list.getByRole("link", { name: "Kept", exact: true })).toBeVisible();
  await list.close();
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Kept and changed saved.")).toBeVisible();
  expect(page.url()).toBe(form.replace("/settings/", "/"));
  await expect(badge(page)).toBeVisible();
});

async function backend(page: Page): Promise<string> {
  await sqlEditor(page).fill("select pg_backend_pid() as pid");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const cell = page.getByRole("grid", { name: "Result" }).getByRole("gridcell").filter({ hasText: /^\d+$/ });
  return (await cell.last().textContent()) ?? "";
}
