import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { outcome, signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a chain of one's own, checked without the name: everything is turned on", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await open(page, consoleServer.url, servers.verified.port, "verify-ca");
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
  await search(page);
  await expect(panel(page)).toContainText("The strongest settings this server allows");
  await expect(panel(page)).toContainText("1 connection tested.");
  await page.getByRole("button", { name: "Apply: Use these settings" }).click();
  expect(await outcome(page)).toBe("connected");
  await expect(panel(page)).toContainText("Verified: chain and name");
  await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();

  await search(page);
  await expect(panel(page)).toContainText("The form already uses the strongest settings");
});

test("a certificate that nobody vouches for is pinned, after its fingerprint is compared", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await open(page, consoleServer.url, servers.selfSigned.port, "require");
  await search(page);
  await expect(panel(page)).toContainText("compare this SHA-256");
  await page.getByRole("button", { name: "Apply: Use these settings" }).click();
  expect(await outcome(page)).toBe("connected");
  await expect(panel(page)).toContainText("Pinned");
});

test("nothing below what the form permits: the problem is shown with its fixes", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await open(page, consoleServer.url, servers.wrongName.port, "verify-full");
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
  await search(page);
  await expect(panel(page)).toContainText("No stronger settings work");
  await expect(panel(page).locator('[data-problem="tls-hostname-mismatch"]')).toBeVisible();
});

test("a search is cancelled at once", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  const { createServer } = await import("node:net");
  // Takes the connection and never says a word.
  const silent = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  await open(page, consoleServer.url, port, "verify-full");
  await search(page);
  await page.getByRole("button", { name: "Cancel search" }).click();
  await expect(panel(page)).toContainText("Cancelled. Nothing was changed.", { timeout: 2000 });
  await new Promise((resolve) => silent.close(resolve));
});

async function open(page: Page, url: string, port: number, mode: string): Promise<void> {
  const { user, password, database } = demoUser;
  await page.goto(`${url}/connections/new`);
  const box = page.getByRole("textbox", { name: "Connection string" });
  await box.fill(`postgres://${user}:${password}@localhost:${port}/${database}?sslmode=${mode}`);
  await expect(page.getByRole("textbox", { name: "Port" })).toHaveValue(String(port));
}

function search(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Find the strongest settings" }).click();
}

function panel(page: Page) {
  return page.getByRole("region", { name: "Connection test" });
}
