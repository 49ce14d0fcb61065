import { demoUser } from "#lib/samples/demo-servers.ts";
import { outcome, signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("entries survive a reload, a link and Back, without the password; each asks first", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.getByRole("link", { name: "New connection" }).click();
  const host = page.getByRole("textbox", { name: "Host", exact: true });
  await host.click();
  await page.keyboard.type("db.example.test");
  await page.getByRole("textbox", { name: "User", exact: true }).fill("app");
  await page.getByLabel("Password", { exact: true }).fill("s3cretpw");

  const asked = page.waitForEvent("dialog");
  const reloaded = page.reload();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await question.accept();
  await reloaded;
  await expect(host).toHaveValue("db.example.test");
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  await expect(page.getByText("Your unsaved changes were restored")).toBeVisible();
  const stored = () => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  expect(await stored()).not.toContain("s3cretpw");

  const leaving = page.getByRole("dialog", { name: "Leave without saving?" });
  const settings = page.getByRole("link", { name: "Settings" });
  await settings.click();
  await expect(leaving.getByRole("button", { name: "Stay" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(leaving).toBeHidden();
  await expect(settings).toBeFocused();
  await settings.click();
  await leaving.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(page).toHaveURL(/\/settings$/);
  const main = page.getByRole("navigation", { name: "Main" });
  await main.getByRole("link", { name: "Connections" }).click();
  await expect(page).toHaveURL(/\/connections$/);
  await page.getByRole("link", { name: "New connection" }).click();
  await expect(host).toHaveValue("db.example.test");

  await host.click();
  await page.keyboard.type(".");
  await page.evaluate(() => history.back());
  await leaving.getByRole("button", { name: "Stay" }).click();
  await expect(page).toHaveURL(/\/connections\/new$/);
  await page.evaluate(() => history.back());
  await leaving.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(page).toHaveURL(/\/connections$/);

  await page.goto(`${consoleServer.url}/connections/new`);
  await expect(host).toHaveValue("");
  await page.getByRole("button", { name: "Restore" }).click();
  await expect(host).toHaveValue("db.example.test.");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(host).toHaveValue("");
  expect(await stored()).not.toContain("db.example.test");
});

test("signing out asks first, and leaves nothing of the entries in the tab", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.getByRole("link", { name: "New connection" }).click();
  await page.getByRole("textbox", { name: "Host", exact: true }).click();
  await page.keyboard.type("db.example.test");
  await page.getByRole("button", { name: /^Account of / }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page
    .getByRole("dialog", { name: "Leave without saving?" })
    .getByRole("button", { name: "Leave", exact: true })
    .click();
  await expect(page).toHaveURL(/\/login/);
  expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({});
});

test("focus goes back to what opened a report, and on to the result of a fix", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const to = (port: number) => `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop`;
  const string = page.getByRole("textbox", { name: "Connection string" });
  await string.fill(`${to(servers.selfSigned.port)}?sslmode=verify-full`);
  await page.getByRole("button", { name: "Test connection" }).click();
  expect(await outcome(page)).toBe("tls-self-signed");
  const seen = page.getByRole("button", { name: "View full report" });
  await seen.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "TLS report" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(seen).toBeFocused();

  const result = page.getByRole("status", { name: "Connection result" });
  await page
    .getByRole("button", { name: /^Apply: Trust/ })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await expect(result.getByText(/^Connected/)).toBeVisible({ timeout: 20_000 });
  await expect(result).toBeFocused();

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Focus");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const notifications = page.getByRole("region", { name: "Notifications" });
  await expect(notifications.getByText("“Focus” saved.")).toBeVisible();
  await page.getByRole("link", { name: "Focus", exact: true }).click();
  const badge = page.getByRole("button", { name: /^TLS/ });
  await badge.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "TLS report" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(badge).toBeFocused();
  const copy = page.getByRole("button", { name: "Copy as…" });
  await copy.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Copy as" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(copy).toBeFocused();
});
