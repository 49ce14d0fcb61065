import { demoUser } from "#lib/samples/demo-servers.ts";
import { startConsole } from "#tests/support/console-server.ts";
import { setUp, signIn, sqlEditor, testConnection } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.describe.configure({ mode: "serial" });

const stringFor = (port: number, more = "") =>
  `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?sslmode=verify-full${more}`;

test("the first visitor becomes the owner; afterwards setup is gone", async ({ page }) => {
  const fresh = await startConsole();
  try {
    await page.goto(fresh.url);
    await expect(page).toHaveURL(/\/setup$/);
    await setUp(page, fresh);
    await expect(page.getByRole("heading", { name: "Connections", exact: true })).toBeVisible();
    expect((await page.goto(`${fresh.url}/setup`))?.status()).toBe(404);
  } finally {
    await fresh.stop();
  }
});

test("a pasted string fills the fields, and its password leaves the box", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const box = page.getByRole("textbox", { name: "Connection string" });
  await box.fill(stringFor(servers.verified.port));
  await expect(page.getByRole("textbox", { name: "Host" })).toHaveValue("localhost");
  await expect(page.getByRole("textbox", { name: "Port" })).toHaveValue(String(servers.verified.port));
  await expect(page.getByRole("textbox", { name: "Database" })).toHaveValue(demoUser.database);
  await expect(page.getByRole("textbox", { name: "User" })).toHaveValue(demoUser.user);
  await expect(page.getByLabel("Password", { exact: true })).toHaveValue(demoUser.password);
  await box.blur();
  await expect(box).not.toHaveValue(new RegExp(demoUser.password));
  await expect(box).toHaveValue(/sslmode=verify-full/);
});

test("each bad server is explained by its code, and drawn with the link that does not hold", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  const rows = [
    [servers.selfSigned.port, "tls-self-signed", "Self-signed, not trusted"],
    [servers.verified.port, "tls-unknown-ca", "Not in the trust store"],
    [servers.expired.port, "tls-expired", "Expired"],
    [servers.wrongName.port, "tls-hostname-mismatch", "Not a name in the certificate"],
    [servers.clientCertificate.port, "auth-client-certificate-missing", "None sent"],
  ] as const;
  for (const [port, code, words] of rows) {
    await page.goto(`${consoleServer.url}/connections/new`);
    await page.getByRole("textbox", { name: "Connection string" }).fill(stringFor(port));
    if (code !== "tls-self-signed" && code !== "tls-unknown-ca") {
      await page.getByRole("radio", { name: /^This certificate/ }).check();
      await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
    }
    expect(await testConnection(page), code).toBe(code);
    await page.getByRole("button", { name: "View full report" }).click();
    const report = page.getByRole("dialog", { name: "TLS report" });
    const chain = report.getByRole("list", { name: /certificate chain$/ });
    await expect(chain.locator("[data-mark=broken], [data-link=broken]").first()).toContainText(words);
    await page.keyboard.press("Escape");
  }
});

test("an unknown CA is fixed by giving it; saved, it survives a restart and connects", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Connection string" }).fill(stringFor(servers.verified.port));
  await page.getByRole("textbox", { name: "Name" }).fill("Shop");
  expect(await testConnection(page)).toBe("tls-unknown-ca");
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
  await expect(page.getByText("Cloak DB demo CA").filter({ visible: true }).first()).toBeVisible();
  expect(await testConnection(page)).toBe("connected");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "Shop", exact: true })).toBeVisible();

  await consoleServer.restart();
  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toHaveText(/Verified: chain and name/);
});

test("a statement runs, rows come as the server wrote them, and an error marks its place", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  const sql = sqlEditor(page);
  await sql.fill(
    "select 12345678901234567890::numeric as n, '2026-11-22 01:02:03.000004+00'::timestamptz as n, null as x",
  );
  await sql.press("Control+Enter");
  const grid = page.getByRole("grid", { name: "Result" });
  await expect(grid.getByRole("gridcell", { name: "12345678901234567890" })).toBeVisible();
  await expect(grid).toContainText(".000004");
  await expect(grid.getByRole("columnheader").filter({ hasText: /^n/ })).toHaveCount(2);
  await sql.fill("select 1 + from nowhere");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "42601" })).toBeVisible();
});

test("Cancel ends the statement on the server", async ({ page, consoleServer, servers }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  await sqlEditor(page).fill("select pg_sleep(55)");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const sleeping = async () =>
    (
      await servers.verified.admin(
        "select 1 from pg_stat_activity where query = 'select pg_sleep(55)' and state = 'active'",
      )
    ).length;
  await expect.poll(sleeping).toBe(1);
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect.poll(sleeping, { timeout: 3000 }).toBe(0);
});

test("Settings edits every SSL setting; whoever gave the secret may weaken it", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/settings`);
  const row = page.getByRole("group", { name: "Actions for Shop" });
  await row.getByRole("link", { name: "Edit" }).click();
  await expect(page).toHaveURL(/\/settings\/connections\//);
  await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
  await expect(page.getByText("Stored").first()).toBeVisible();
  expect(await testConnection(page)).toBe("connected");

  await page.getByRole("radio", { name: /^Require/ }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
  await page.getByRole("radio", { name: /^Verify CA/ }).check();
  expect(await testConnection(page)).toBe("connected");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();

  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("link", { name: "Shop", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toHaveText(/Verified: chain$/);
  expect(servers.verified.port).toBeGreaterThan(0);
});

test("a self-signed server is pinned with one click, and stays verified", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Connection string" }).fill(stringFor(servers.selfSigned.port));
  expect(await testConnection(page)).toBe("tls-self-signed");
  await page.getByRole("button", { name: "Apply: Trust exactly this certificate" }).click();
  await expect(page.getByRole("status", { name: "Connection result" })).toContainText(/Connected/);
  await page.getByRole("textbox", { name: "Name" }).fill("Pinned");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page).toHaveURL(/\/connections\/[^/]+$/);
  await expect(page.getByRole("button", { name: /^TLS/ })).toHaveText(/Verified: chain and name|Pinned/);
});

test("a client certificate with an encrypted key signs in", async ({ page, consoleServer, servers }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `postgres://${demoUser.user}@localhost:${servers.clientCertificate.port}/${demoUser.database}?sslmode=verify-full`,
    );
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
  await expect(page.getByLabel("Key passphrase")).toHaveCount(0);
  await page.getByRole("textbox", { name: "Client certificate" }).fill(servers.client.certificatePem);
  await page.getByRole("textbox", { name: "Client key" }).fill(servers.client.keyPem);
  await page.getByLabel("Key passphrase").fill(servers.client.passphrase);
  await page.getByRole("combobox", { name: "Sign in with" }).selectOption({ label: "Client certificate" });
  expect(await testConnection(page)).toBe("connected");
});

test("delete can be undone, a duplicate has no secrets", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("button", { name: "Actions for Shop", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("Shop deleted.").first()).toBeVisible();
  await page
    .getByRole("region", { name: "Notifications" })
    .getByRole("button", { name: "Undo", exact: true })
    .click();
  await expect(page.getByText("Shop restored.").first()).toBeVisible();
  // A note stays as long as one points at it, and may lie over the row.
  await page.mouse.move(0, 0);
  // The list is read anew meanwhile, and a menu goes with the row that it was opened from.
  await expect(async () => {
    await page.getByRole("button", { name: "Actions for Shop", exact: true }).click({ timeout: 2000 });
    await page.getByRole("menuitem", { name: "Duplicate" }).click({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await page.getByRole("button", { name: "Actions for Shop copy" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Shop copy");
  await expect(page.getByText("Stored", { exact: true })).toHaveCount(0);
});

test("a running test is cancelled at once", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const { createServer } = await import("node:net");
  // Takes the connection and never says a word.
  const silent = createServer((socket) => socket.on("error", () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  await page.getByRole("textbox", { name: "Connection string" }).fill(stringFor(port));
  await page.getByRole("button", { name: "Test connection" }).click();
  const cancel = page.getByRole("button", { name: /^Cancel/ });
  await cancel.click();
  await expect(cancel).toHaveCount(0, { timeout: 2000 });
  await new Promise((resolve) => silent.close(resolve));
});
