import { createPrivateKey } from "node:crypto";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { answersTo, filesOf, foundIn } from "#tests/support/canaries.ts";
import { consolePages } from "#tests/support/console-pages.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

/** Unmistakable, and no word of any page. */
const password = "canary-pw-7Q2x9Lm4";
const passphrase = "canary-pp-8R3y0Nn5";

test("no stored secret is found in a page, an answer, the log or the vault's folder", async ({
  page,
  consoleServer,
  servers,
}) => {
  const key = createPrivateKey({ key: servers.client.keyPem, passphrase: servers.client.passphrase });
  const keyPem = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
  // A line from the middle of the key: the banner lines are no secret.
  const keyLine = keyPem.split("\n")[3] ?? "";
  expect(keyLine.length).toBeGreaterThan(40);
  const answers = answersTo(page);

  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `postgres://${demoUser.user}@localhost:${servers.clientCertificate.port}/${demoUser.database}?sslmode=verify-full`,
    );
  await page.getByRole("textbox", { name: "Name" }).fill("Canary");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("radio", { name: /^This certificate/ }).check();
  await page.getByRole("textbox", { name: "CA certificate" }).fill(servers.ca.pem);
  await page.getByRole("textbox", { name: "Client certificate" }).fill(servers.client.certificatePem);
  await page.getByRole("textbox", { name: "Client key" }).fill(keyPem);
  await page.getByLabel("Key passphrase").fill(passphrase);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status", { name: "Connection result" })).toContainText(/Connected/);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  // Unsaved it is in no file, and not in the browser either.
  const unsaved = page.url();
  await page.goto(unsaved.replace("/connections/", "/settings/connections/"));
  await expect(page.getByText("Stored", { exact: true }).first()).toBeVisible();
  await page.goto(unsaved);
  await page.getByRole("button", { name: "Save connection" }).click();
  await expect(page.getByText("Canary saved.")).toBeVisible();
  const id = page.url().split("/").pop() ?? "";
  await page.getByRole("button", { name: /^TLS/ }).click();
  await page.getByRole("dialog", { name: "TLS report" }).getByRole("button").first().focus();
  await page.keyboard.press("Escape");
  await sqlEditor(page).fill("select 1 as one");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Result" })).toContainText("one");

  for (const path of [
    ...consolePages,
    `/settings/connections/${id}`,
    `/settings/access/${id}`,
    "/help?q=canary",
    "/help/providers/rds",
  ]) {
    await page.goto(`${consoleServer.url}${path}`);
  }
  const found = await page.evaluate(async () => (await fetch("/api/palette?search=canary")).text());
  expect(found).toContain("Canary");
  await page.goto(`${consoleServer.url}/settings/connections/${id}`);
  // Wrong on purpose: the problem's words and facts must not carry what was typed either.
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(`postgres://app:${password}@local host:99999/shop`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(`host=localhost password=${password} sslmode=typo`);
  await page.reload();
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status", { name: "Connection result" })).toContainText(/Connected/);

  const kept = filesOf(consoleServer.configDir);
  const places = [...answers, { from: "log", body: consoleServer.log() }, ...kept];
  expect(foundIn(places, [password, passphrase, keyLine, servers.client.passphrase])).toEqual([]);
  // The net has no hole: what is shown on purpose was seen.
  expect(answers.some(({ body }) => body.includes("Canary"))).toBe(true);
  expect(kept.length).toBeGreaterThan(0);
});

test("no value, key, filter or statement is found in a log, a file, an address, a title or the browser's storage", async ({
  page,
  consoleServer,
  servers,
}) => {
  const [row, key, filter, statement, parameter] = ["row", "key", "filter", "sql", "parameter"].map(
    (what) => `canary-${what}-4H7vT1zP`,
  ) as [string, string, string, string, string];
  const { admin } = servers.verified;
  await admin("create database canaries");
  await admin(
    `create table held (id text primary key, note text); grant select on held to ${demoUser.user};
     insert into held select 'k' || n, 'note ' || n from generate_series(1, 300) as n; insert into held values ('${key}', '${row}')`,
    undefined,
    "canaries",
  );
  const told: { from: string; body: string }[] = [];
  page.on("request", (request) => {
    // What stands behind the sign is not sent.
    told.push({ from: "address", body: request.url().replace(/#.*/s, "") });
    told.push({ from: "referrer", body: request.headers().referer ?? "" });
  });
  page.on("response", (response) => {
    told.push({ from: `headers of ${response.url()}`, body: JSON.stringify(response.headers()) });
  });
  const noteTitle = async () => told.push({ from: "title", body: await page.title() });

  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/canaries?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("treeitem", { name: "held" }).click();
  const grid = page.getByRole("grid", { name: "Rows" });
  await expect(grid).toBeVisible();
  await page.getByRole("button", { name: "Go to key…" }).click();
  await page.getByRole("textbox", { name: "id" }).fill(key);
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("gridcell", { name: row })).toBeVisible();
  await noteTitle();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("combobox", { name: "Column" }).selectOption("note");
  await page.getByRole("textbox", { name: "Value" }).fill(filter);
  await page.keyboard.press("Enter");
  await expect(page.getByText("No rows match the filters.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("No rows match the filters.")).toBeVisible();
  await noteTitle();
  await page.getByRole("button", { name: "New SQL tab" }).click();
  await sqlEditor(page).fill(`select '${statement}' as one, $1::text as two`);
  await page.getByRole("textbox", { name: "Value of $1" }).fill(parameter);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Result" })).toContainText(parameter);
  await sqlEditor(page).press("Control+Alt+e");
  await expect(page.getByText("Measured", { exact: true })).toBeVisible();
  await sqlEditor(page).fill(`select '${statement}'::int`);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: statement })).toBeVisible();
  await expect(page.locator("[data-draft=saved]")).toBeVisible();
  await noteTitle();
  await page.getByRole("button", { name: "Activity", exact: true }).click();
  await expect(page.getByRole("table", { name: "Database sessions" })).toBeVisible();
  await noteTitle();

  const kept = await page.evaluate(async () =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      await indexedDB.databases(),
      await caches.keys().catch(() => []),
    ]),
  );
  const places = [
    ...told,
    { from: "the browser's storage", body: kept },
    { from: "log", body: consoleServer.log() },
    ...filesOf(consoleServer.configDir),
    ...filesOf(consoleServer.stateDir),
  ];
  expect(foundIn(places, [row, key, filter, statement, parameter])).toEqual([]);
  // The net has no hole: the tab's lease, the run and the title are in it.
  expect(kept).toContain("cloak-db.tab.");
  expect(consoleServer.log()).toContain("run");
  expect(told.some(({ from, body }) => from === "title" && body !== "")).toBe(true);
});
