import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("several connections in one paste are ticked, fixed and saved together, by keyboard alone", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const port = servers.verified.port;
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `ORDERS_URL=postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?sslmode=require\n` +
        `STOCK_URL=postgres://localhost:${port}/${demoUser.database}`,
    );
  const open = page.getByRole("button", { name: "Choose which to save" });
  await expect(page.getByRole("textbox", { name: "Connection string" })).not.toHaveValue(/STOCK/);
  await open.focus();
  await page.keyboard.press("Enter");
  const list = page.getByRole("dialog", { name: "2 connections found" });
  await expect(list.getByRole("checkbox", { name: "ORDERS_URL" })).toBeChecked();
  await expect(list).not.toContainText(demoUser.password);
  await expect(list).toContainText("· Require ·");
  await list.getByRole("checkbox", { name: "Verify Full for all" }).focus();
  await page.keyboard.press("Space");
  await expect(list).not.toContainText("· Require ·");

  const save = list.getByRole("button", { name: "Save 2 connections" });
  await save.focus();
  await page.keyboard.press("Enter");
  await expect(list.getByText(/Nothing was saved/)).toBeVisible();
  expect(await look(page)).toEqual([]);
  await list.getByRole("textbox", { name: "User of STOCK_URL" }).fill(demoUser.user);
  await save.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/connections$/);
  await expect(page.getByRole("link", { name: "ORDERS_URL", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "STOCK_URL", exact: true })).toBeVisible();
  await page.goto(`${consoleServer.url}/settings`);
  await page
    .getByRole("group", { name: /ORDERS_URL/ })
    .getByRole("link", { name: "Edit" })
    .click();
  await expect(page.getByRole("radio", { name: /^Verify Full/ })).toBeChecked();
});
