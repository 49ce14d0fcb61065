import { demoUser } from "#lib/samples/demo-servers.ts";
import { consolePages } from "#tests/support/console-pages.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("every page is accessible and fits, in light and dark, wide and narrow", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(300_000);
  const violations: string[] = [];
  page.on("console", (message) => {
    // The browser's own line of the one page that is not there.
    if (page.url().endsWith("/nowhere") && message.text().includes("404")) return;
    if (message.type() === "error") violations.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => violations.push(`${page.url()}: ${error.message}`));

  await page.goto(`${consoleServer.url}/`);
  violations.push(...(await look(page)));
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/shop?sslmode=require`,
    );
  await page.getByRole("textbox", { name: "Name" }).fill("Looked at");
  violations.push(...(await look(page)));
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  violations.push(...(await look(page)));
  await page.getByRole("button", { name: "Save connection" }).click();
  await expect(page.getByText("Looked at saved.")).toBeVisible();
  await sqlEditor(page).fill("select * from generate_series(1, 300) as n");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Result" })).toBeVisible();
  violations.push(...(await look(page)));
  await page.getByRole("button", { name: /^TLS/ }).click();
  await expect(page.getByRole("dialog", { name: "TLS report" })).toBeVisible();
  violations.push(...(await look(page)));
  for (const path of [...consolePages, "/help?q=certificate"]) {
    await page.goto(`${consoleServer.url}${path}`);
    violations.push(...(await look(page)));
  }
  expect(violations).toEqual([]);
});
