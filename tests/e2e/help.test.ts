import { readFileSync } from "node:fs";
import { guideSections } from "#lib/guides/guide-sections.ts";
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
  await page.getByRole("link", { name: "Open the guide for Amazon Aurora DSQL" }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Amazon Aurora DSQL" })).toBeVisible();

  const roots = page.getByRole("region", { name: "Roots" });
  await expect(roots.getByText("8E:CD:E6:88:4F:3D:87:B1")).toBeVisible();
  await expect(
    roots.getByText(/^In this host’s system store: (Found|Not found|This host)/).first(),
  ).toBeVisible();

  const guides = page.getByRole("region", { name: "On your system" });
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
    .getByRole("region", { name: "Usual errors" })
    .locator('[data-error="psql-unregistered-scheme"]');
  await error.getByRole("link", { name: "psql on Windows" }).click();
  await expect(page).toHaveURL(/\/help\/problems#psql-unregistered-scheme$/);
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
  await expect(network.getByText(/look at the firewall rules of the server first/)).toBeVisible();
  const ports = quiet.getByRole("region", { name: "Ports and poolers" });
  await expect(ports.getByText("6432")).toBeVisible();
  // H3: the roots, and a native disclosure that opens by itself.
  await expect(quiet.getByText("CB:3C:CB:B7:60:31").first()).toBeVisible();
  await quiet.locator('details[data-platform="macos"] > summary').click();
  await expect(quiet.getByText(/sudo security add-trusted-cert/).first()).toBeVisible();
  await plain.close();
});
