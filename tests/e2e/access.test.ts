import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { overflows } from "#tests/support/overflow.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.use({ actionTimeout: 20_000 });

const member = { name: "mo", password: "harbour-violin-7-moss" };

test("who may: a reader reads, Production is unlocked for a time, a move is told", async ({
  page,
  browser,
  consoleServer,
  servers,
}) => {
  test.setTimeout(240_000);
  const problems: string[] = [];
  page.on("console", (message) => {
    // A page that is not there for somebody is a 404 in the console, too.
    if (message.type() === "error" && !message.text().includes("404")) problems.push(message.text());
  });

  await signIn(page, consoleServer);
  await addMember(page, consoleServer.url);
  const path = await saveProduction(page, consoleServer.url, servers.verified.port);
  const id = path.split("/").at(-1) ?? "";

  await test.step("the maker gives the member no access, then Read", async () => {
    await page.goto(`${consoleServer.url}/settings/access`);
    problems.push(...(await look(page)));
    await page.getByRole("link", { name: "Set access to Orchard" }).click();
    await page.getByRole("combobox", { name: member.name }).selectOption("No access");
    await page.getByRole("button", { name: "Save access" }).click();
    await expect(page.getByText("Access saved.")).toBeVisible();
    problems.push(...(await look(page)), ...(await overflows(page, "one connection's access")));
  });

  const theirs = await (await browser.newContext()).newPage();
  await signInAs(theirs, consoleServer.url);
  await expect(theirs.getByText("Orchard")).toHaveCount(0);
  expect((await theirs.goto(`${consoleServer.url}${path}`))?.status()).toBe(404);

  await page.getByRole("combobox", { name: member.name }).selectOption("Read");
  await page.getByRole("button", { name: "Save access" }).click();
  // The toast of the save before may stand there still; the bar goes when this one is kept.
  await expect(page.getByRole("button", { name: "Save access" })).toHaveCount(0);

  await test.step("who reads sees the settings, tests and connects, and does not write", async () => {
    await theirs.goto(`${consoleServer.url}/settings/connections/${id}`);
    await expect(theirs.getByRole("heading", { name: "Settings of Orchard" })).toBeVisible();
    await expect(theirs.getByText("You can view these settings, but not change them")).toBeVisible();
    await expect(theirs.getByRole("textbox", { name: "Host", exact: true })).toBeDisabled();
    await expect(theirs.getByRole("button", { name: "Save", exact: true })).toHaveCount(0);
    problems.push(...(await look(theirs)));
    await theirs.getByRole("button", { name: "Test connection" }).click();
    await expect(
      theirs.getByRole("status", { name: "Connection result" }).getByText(/^Connected/),
    ).toBeVisible({ timeout: 20_000 });
    await theirs.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(theirs.getByRole("switch", { name: "Read-only" })).toBeDisabled();
    await expect(theirs.getByRole("button", { name: "Unlock writing…" })).toHaveCount(0);
  });

  await test.step("writing is unlocked by keyboard, counted down, and locked again", async () => {
    await page.goto(`${consoleServer.url}${path}`);
    const unlock = page.getByRole("button", { name: "Unlock writing…" });
    await expect(unlock).toBeVisible({ timeout: 20_000 });
    await unlock.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Unlock writing on Orchard" });
    await expect(dialog.getByRole("textbox", { name: "Reason" })).toBeFocused();
    problems.push(...(await look(page)), ...(await overflows(page, "the unlock dialog")));
    await page.keyboard.press("Enter");
    await expect(dialog.getByText(/^Enter a short reason/)).toBeVisible();
    await dialog.getByRole("textbox", { name: "Reason" }).focus();
    await page.keyboard.type("mend an apple");
    await page.keyboard.press("Enter");
    const banner = page.getByRole("region", { name: "Writing on Production is unlocked" });
    await expect(banner.getByRole("timer")).toHaveText(/^(30:00|29:\d\d) left$/);
    await expect(dialog).toHaveCount(0);
    problems.push(...(await look(page)));
    await page.getByRole("switch", { name: "Read-only" }).uncheck();
    await run(page, "create temp table apple (kind text)");
    await expect(page.getByRole("status", { name: "Outcome" })).toContainText("CREATE TABLE");
    await page.goto(`${consoleServer.url}/settings/connections/${id}`);
    await expect(banner).toBeVisible();
    await banner.getByRole("button", { name: "Lock now" }).click();
    await expect(banner).toHaveCount(0);
    await page.goto(`${consoleServer.url}${path}`);
    await expect(page.getByRole("switch", { name: "Read-only" })).toBeDisabled();
  });

  await test.step("a move is told before anything is sent", async () => {
    await page.goto(`${consoleServer.url}/settings/connections/${id}`);
    const host = page.getByRole("textbox", { name: "Host", exact: true });
    // While the page comes to life, a field that is written into may lose its selection.
    await expect(async () => {
      await host.fill("127.0.0.1");
      await expect(host).toHaveValue("127.0.0.1", { timeout: 500 });
    }).toPass();
    await page
      .getByRole("button", { name: /^Replace/ })
      .first()
      .click();
    await page.getByLabel("Password", { exact: true }).fill(demoUser.password);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
    await theirs.goto(`${consoleServer.url}${path}`);
    const note = theirs
      .getByRole("note")
      .filter({ hasText: "This connection changed since your last visit" });
    await expect(note).toContainText("localhost → 127.0.0.1");
    await expect(sqlEditor(theirs)).toHaveCount(0);
    problems.push(...(await look(theirs)));
    await note.getByRole("button", { name: "I have checked it, continue" }).click();
    await expect(sqlEditor(theirs)).toBeVisible({ timeout: 20_000 });
  });

  expect(problems).toEqual([]);
  await theirs.context().close();
});

async function run(page: Page, sql: string): Promise<void> {
  await sqlEditor(page).fill(sql);
  await page.getByRole("button", { name: "Run", exact: true }).click();
}

async function addMember(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/settings/team`);
  await page.getByRole("textbox", { name: "User name" }).fill(member.name);
  await page.getByLabel("First password").fill(member.password);
  await page.getByRole("button", { name: "Add member" }).click();
  await expect(page.getByText(`${member.name} can now sign in.`)).toBeVisible();
}

async function signInAs(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByRole("textbox", { name: "User name" }).fill(member.name);
  await page.getByLabel("Password", { exact: true }).fill(member.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/connections/);
}

/** A connection that is Production, connected once. @returns its path */
async function saveProduction(page: Page, url: string, port: number): Promise<string> {
  await page.goto(`${url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("textbox", { name: "Name" }).fill("Orchard");
  await page.getByRole("combobox", { name: "Environment" }).selectOption("Production");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Save connection" }).click();
  await expect(page.getByText("Orchard saved.")).toBeVisible();
  return new URL(page.url()).pathname;
}
