import { readFileSync } from "node:fs";
import { guideSections } from "#lib/guides/guide-sections.ts";
import { catalogue, problemCodes } from "#lib/problems/catalogue.ts";
import { providers } from "#lib/providers/list.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("every provider has its page with every section, in every language", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  const wrong: string[] = [];
  for (const locale of ["en", "fr", "zh-TW"]) {
    const words = readFileSync(new URL(`../../messages/${locale}/guides.json`, import.meta.url), "utf8");
    const guides = JSON.parse(words) as { sections: Record<string, string> };
    for (const { id, name } of providers) {
      const answer = await page.request.get(`${consoleServer.url}/help/providers/${id}`, {
        headers: { "accept-language": locale },
      });
      const html = await answer.text();
      const titles = Object.values(guides.sections).filter((title) => !html.includes(`>${title}</h2>`));
      const anchors = guideSections.filter((section) => !html.includes(`id="${section}"`));
      if (answer.status() !== 200) wrong.push(`${id} ${locale}: ${answer.status()}`);
      if (titles.length + anchors.length > 0) wrong.push(`${id} ${locale}: lacks ${titles} ${anchors}`);
      if (!html.includes(`lang="${locale}"`)) wrong.push(`${id}: not in ${locale}`);
      if (!html.includes(name)) wrong.push(`${id} ${locale}: does not name itself`);
    }
  }
  expect(wrong).toEqual([]);
  const unknown = await page.request.get(`${consoleServer.url}/help/providers/nobody`);
  expect(unknown.status()).toBe(404);
});

test("D3, D4, D9: the guide says what this host trusts, shows its system first, and every command is copied", async ({
  page,
  consoleServer,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/help/providers#aurora-dsql`);
  await page.getByRole("link", { name: "Amazon Aurora DSQL", exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Amazon Aurora DSQL" })).toBeVisible();

  const roots = page.getByRole("region", { name: "Roots" });
  await expect(roots.getByText("8E:CD:E6:88:4F:3D:87:B1")).toBeVisible();
  await expect(
    roots.getByText(/^In the system trust store: (Found|Not found|The console host)/).first(),
  ).toBeVisible();

  const guides = page.getByRole("region", { name: "By operating system" });
  await expect(guides.getByText("macOS", { exact: true })).toBeVisible();
  const windows = guides.locator('details[data-platform="windows"]');
  await expect(windows.getByText("Import-Certificate")).toBeHidden();
  await windows.locator("summary").press("Enter");
  await expect(windows.getByText("Import-Certificate").first()).toBeVisible();
  await expect(windows.getByText("unregistered scheme")).toBeVisible();

  const psql = page.getByRole("region", { name: "With psql" });
  const copy = psql.getByRole("button", { name: "Copy command: psql, Shell (Linux, macOS)" });
  await copy.press("Enter");
  await expect(psql.getByText("Copied")).toBeAttached();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^export PGPASSWORD="\$\(aws dsql [^\n]+\n[\s\S]*\npsql --host=/);

  const error = page
    .getByRole("region", { name: "Common errors" })
    .locator('[data-error="psql-unregistered-scheme"]');
  await error.getByRole("link", { name: "psql on Windows" }).click();
  await expect(page).toHaveURL(/\/help\/problems\/psql-unregistered-scheme$/);
  await expect(page.locator("#psql-unregistered-scheme")).toContainText("SSL error: unregistered scheme");
});

test("the form's provider note leads to the guide, and the guide reads without scripts", async ({
  page,
  consoleServer,
  browser,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Host" }).fill("c-shop.12345678901234.postgres.cosmos.azure.com");
  const link = page.getByRole("link", { name: "Azure Cosmos DB for PostgreSQL guide" });
  await expect(link).toHaveAttribute("href", "/help/providers/azure-citus");

  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const quiet = await plain.newPage();
  await quiet.goto(`${consoleServer.url}/help/providers/azure-citus`);
  // H5: what a timeout means here.
  const network = quiet.getByRole("region", { name: "Network" });
  await expect(network.getByText(/check the server’s firewall rules first/)).toBeVisible();
  const ports = quiet.getByRole("region", { name: "Ports and poolers" });
  await expect(ports.getByText("6432")).toBeVisible();
  // H3: the roots, and a native disclosure that opens by itself.
  await expect(quiet.getByText("CB:3C:CB:B7:60:31").first()).toBeVisible();
  await quiet.locator('details[data-platform="macos"] > summary').click();
  await expect(quiet.getByText(/sudo security add-trusted-cert/).first()).toBeVisible();
  await plain.close();
});

test("the help finds a problem by a pasted error, while one types and without scripts", async ({
  page,
  consoleServer,
  browser,
}) => {
  await signIn(page, consoleServer);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Help" }).click();
  await expect(page).toHaveURL(/\/help$/);
  await expect(page.getByRole("heading", { name: "Most common" })).toBeVisible();
  const box = page.getByRole("search").getByRole("textbox");
  await box.fill("self sigend certificate");
  const first = page.locator("[data-code]").first();
  await expect(first).toHaveAttribute("data-code", "tls-self-signed");
  await expect(page.getByRole("status")).toContainText(/problems? found/);
  await box.fill("postgres://app:hunter2@db.example.com/shop hostname mismatch");
  await expect(first).toHaveAttribute("data-code", "tls-hostname-mismatch");
  expect(page.url()).not.toContain("hunter2");
  await box.fill("qqqqqq zzzzzz");
  await expect(page.getByRole("status")).toHaveText("Nothing found");

  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const quiet = await plain.newPage();
  await quiet.goto(`${consoleServer.url}/help`);
  await quiet
    .getByRole("search")
    .getByRole("textbox")
    .fill('FATAL:  no pg_hba.conf entry for host "192.0.2.7", user "app", database "shop", no encryption');
  await quiet.getByRole("search").getByRole("button", { name: "Search" }).click();
  await quiet.locator("[data-code]").first().getByRole("link").click();
  await expect(quiet).toHaveURL(/\/help\/problems\/auth-tls-required$/);
  await expect(quiet.getByRole("heading", { level: 2, name: "How other programs report it" })).toBeVisible();
  await plain.close();
});

test("every problem has a page in every language, and an unknown code leads to the search", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  const get = (path: string, locale: string) =>
    page.request.get(`${consoleServer.url}${path}`, { headers: { "accept-language": locale } });
  for (const locale of ["en", "fr", "zh-TW"])
    for (const path of [
      "/help?q=certificate",
      "/help/problems",
      "/help/tls-modes",
      "/help/pinning",
      "/help/keys",
      "/help/storage",
    ])
      expect((await get(path, locale)).status(), `${path} ${locale}`).toBe(200);
  const wrong: string[] = [];
  for (const [at, code] of problemCodes.entries()) {
    const locale = ["en", "fr", "zh-TW"][at % 3] ?? "en";
    const answer = await get(`/help/problems/${code}`, locale);
    const html = await answer.text();
    const fixes = [...html.matchAll(/data-fix="([\w-]+)"/g)].map((match) => match[1]);
    if (answer.status() !== 200 || !html.includes(`<code`))
      wrong.push(`${code} ${locale}: ${answer.status()}`);
    if (fixes.join() !== catalogue[code].fixes.join()) wrong.push(`${code}: fixes ${fixes}`);
  }
  expect(wrong).toEqual([]);
  const unknown = await page.goto(`${consoleServer.url}/help/problems/tls-selfsigned`);
  expect(unknown?.status()).toBe(404);
  await page.getByRole("search").getByRole("textbox").fill("tls-self-signed");
  await page.getByRole("search").getByRole("textbox").press("Enter");
  await expect(page.locator("[data-code]").first()).toHaveAttribute("data-code", "tls-self-signed");
});

test("an old link to a problem leads to its line, and the line to its page", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/help/problems#net-refused`);
  const line = page.locator("#net-refused");
  await expect(line).toBeInViewport();
  await line.getByRole("link").press("Enter");
  await expect(page).toHaveURL(/\/help\/problems\/net-refused$/);
  await expect(page.getByRole("complementary", { name: "Facts" })).toContainText(
    "cloak-db problems net-refused",
  );
});
