import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { startConsole } from "#tests/support/console-server.ts";
import { look } from "#tests/support/look-at-page.ts";
import { connectAndSave, outcome, setUp } from "#tests/support/person.ts";
import { type RunningCli, startCli } from "#tests/support/run-cli.ts";

let folder: string;
let demo: RunningCli;
let link: string;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  // The build, if one is needed, is made first.
  await (await startConsole()).stop();
  folder = mkdtempSync(path.join(tmpdir(), "cloak-db-demo-card-"));
  // The servers run as another user when the tests are root's.
  chmodSync(folder, 0o777);
  demo = startCli(["demo"], { env: { TMPDIR: folder } });
  [, link = ""] = await demo.until(/(http:\S+\/login#token=\S+)\n/);
});
test.afterAll(async () => {
  await demo?.end("SIGINT");
  rmSync(folder, { recursive: true, force: true });
});

test("the demo says what is wrong with each server, and marks what connects", async ({ page }) => {
  await page.goto(link);
  const card = page.getByRole("region", { name: /^The demo/ });
  await expect(card.getByRole("listitem")).toHaveCount(5);
  await expect(card).toContainText("0 of 5 connected");
  await expect(card).toContainText(demoUser.password);
  await expect(server(page, "Expired")).toContainText("expired three days ago");
  expect(await look(page)).toEqual([]);

  await card.getByRole("link", { name: "Verified" }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  await page.goto(new URL("/connections", link).href);
  await expect(server(page, "Verified")).toContainText("Connected");
  await expect(card).toContainText("1 of 5 connected");
});

test("the missing client certificate is given in one click, and connects", async ({ page }) => {
  await page.goto(new URL("/login", link).href);
  await signInAsDemo(page);
  await server(page, "Client certificate").getByRole("link").click();
  await expect(page.locator("[data-problem=auth-client-certificate-missing]")).toBeVisible();
  const id = page.url().split("/").at(-1);
  await page.goto(new URL(`/settings/connections/${id}`, link).href);
  await page.getByRole("button", { name: "Test connection" }).click();
  expect(await outcome(page)).toBe("auth-client-certificate-missing");
  await page.getByRole("button", { name: "Apply: Use the demo’s client certificate" }).click();
  const result = page.getByRole("status", { name: "Connection result" });
  await expect(result.getByText(/^Connected/)).toBeVisible({ timeout: 20_000 });
  await expect(result).toBeFocused();
  await connectAndSave(page);
  await expect(page.getByRole("button", { name: /^TLS/ })).toContainText("Verified: chain and name");
  await page.goto(new URL("/connections", link).href);
  await expect(server(page, "Client certificate")).toContainText("Connected");
});

test("by keyboard, Wrong host name goes from the list to connected in at most 40 keys", async ({ page }) => {
  await page.goto(new URL("/login", link).href);
  await signInAsDemo(page);
  await expect(server(page, "Wrong host name").getByRole("link")).toBeVisible();
  let keys = 0;
  const press = async (key: string) => {
    keys += 1;
    await page.keyboard.press(key);
  };
  const goTo = async (target: Locator) => {
    while (!(await target.evaluate((element) => element === document.activeElement))) {
      expect(keys, "keys").toBeLessThan(40);
      await press("Tab");
    }
  };
  await goTo(server(page, "Wrong host name").getByRole("link", { name: "Wrong host name", exact: true }));
  await press("Enter");
  const result = page.getByRole("status", { name: "Connection result" });
  await expect(result.getByRole("alert")).toHaveAttribute("data-problem", "tls-hostname-mismatch");
  // Whoever comes by a link goes on from the result, not from the page's beginning.
  await expect(result).toBeFocused();
  await goTo(result.getByRole("button", { name: /^Apply: / }).first());
  await press("Enter");
  await expect(page.getByRole("button", { name: /^TLS/ })).toContainText("Verified: chain and name");
  expect(keys).toBeLessThanOrEqual(40);
  await expect(page.getByText("Your changes to Wrong host name are not saved.")).toBeVisible();
});

test("why a connection does not stand is clean to look at, and its fix goes on from one problem to the next", async ({
  page,
}) => {
  await page.goto(new URL("/login", link).href);
  await signInAsDemo(page);
  await server(page, "Self-signed").getByRole("link").click();
  const result = page.getByRole("status", { name: "Connection result" });
  await expect(result.getByRole("alert")).toHaveAttribute("data-problem", "tls-self-signed");
  expect(await look(page)).toEqual([]);
  const given = result.getByRole("textbox", { name: "Paste it here, as PEM" });
  await result.getByRole("button", { name: "Apply: Add the CA certificate" }).click();
  await expect(given).toBeFocused();
  await expect(given).toHaveAccessibleDescription("Fill this in first.");
  await given.fill("no certificate");
  await result.getByRole("button", { name: "Apply: Add the CA certificate" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Fix one field first" })).toContainText(
    "CA certificate",
  );
  await expect(result.getByRole("alert")).toHaveAttribute("data-problem", "tls-self-signed");
  await expect(result).toBeFocused();
});

test("by keyboard alone each fault ends connected, with what was applied and nothing saved", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const press = async (target: Locator) => {
    await target.focus();
    await page.keyboard.press("Enter");
  };
  const badge = page.getByRole("button", { name: /^TLS/ });
  await page.goto(new URL("/login", link).href);
  await signInAsDemo(page);
  for (const name of ["Self-signed", "Expired", "Wrong host name"]) {
    await page.goto(new URL("/connections", link).href);
    await press(server(page, name).getByRole("link", { name, exact: true }));
    const fix = page.getByRole("link", { name: "Fix in settings" });
    await expect(fix).toBeVisible({ timeout: 20_000 });
    for (const size of [
      { width: 390, height: 844 },
      { width: 1440, height: 900 },
    ]) {
      await page.setViewportSize(size);
      await page.evaluate(() => window.scrollTo(0, 0));
      await expect(fix).toBeInViewport({ ratio: 1 });
    }
    await press(fix);
    // Where the connection does not stand its fixes are offered, too.
    await page.waitForURL(/\/settings\/connections\//);
    const result = page.getByRole("status", { name: "Connection result" });
    const apply = result.getByRole("button", { name: /^Apply: / }).first();
    await expect(apply).toBeVisible({ timeout: 20_000 });
    await press(apply);
    await expect(result.getByText(/^Connected/)).toBeVisible({ timeout: 20_000 });
    await press(page.getByRole("button", { name: "Connect", exact: true }));
    await expect(badge).toBeVisible({ timeout: 20_000 });
    // What it would undo stayed behind with the form.
    await expect(page.getByText("Fix applied.")).toHaveCount(0);
    await expect(page.getByText(`Your changes to ${name} are not saved.`)).toBeVisible();
  }
  await page.goto(new URL("/connections", link).href);
  for (const name of ["Self-signed", "Expired", "Wrong host name"]) {
    await expect(server(page, name)).not.toContainText("Connected");
  }
});

test("no other console shows it", async ({ page }) => {
  const other = await startConsole();
  try {
    await setUp(page, other);
    await expect(page.getByRole("heading", { name: "Connections", exact: true })).toBeVisible();
    await expect(page.getByRole("region", { name: /^The demo/ })).toHaveCount(0);
  } finally {
    await other.stop();
  }
});

function server(page: Page, name: string) {
  const card = page.getByRole("region", { name: /^The demo/ });
  return card.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
}

async function signInAsDemo(page: Page): Promise<void> {
  const [, password = ""] = await demo.until(/sign in as demo with the password (\S+)\n/);
  await page.getByRole("textbox", { name: "User name" }).fill("demo");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/connections$/);
}
