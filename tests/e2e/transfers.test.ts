import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

/** The download that a press brings. */
async function exported(page: Page, format?: string) {
  const dialog = page.getByRole("dialog", { name: /^Export/ });
  if (format !== undefined) await dialog.getByRole("radio", { name: format }).check();
  const coming = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  return coming;
}

test("rows go out as a file and come in from one; a file that breaks off is a failed download", async ({
  page,
  consoleServer,
  servers,
}) => {
  const { verified } = servers;
  await verified.admin(
    "create table gift (id int primary key, name text not null, given date); grant all on gift to app",
    undefined,
    demoUser.database,
  );
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${verified.port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(sqlEditor(page)).toBeVisible();
  const transfers = page.getByRole("region", { name: "Transfers" });

  await test.step("a table, with its filter", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("gift");
    await expect(page.getByRole("treeitem", { name: /gift$/ })).toBeVisible();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Import…" }).click();
    const dialog = page.getByRole("dialog", { name: "Import into gift" });
    const file = { name: "gifts.csv", mimeType: "text/csv" };
    const bad = "id,name,given\n1,Anna,2024-02-29\n2,Zoë,\nthree,x,never\n";
    await dialog.getByLabel("File", { exact: true }).setInputFiles({ ...file, buffer: Buffer.from(bad) });
    await expect(dialog.getByRole("combobox", { name: "Target for given" })).toHaveValue("given");
    await expect(dialog.getByRole("table")).toContainText("NULL");
    await dialog.getByRole("button", { name: "Try" }).click();
    await expect(dialog.getByRole("status")).toContainText(
      "2 rows can be read, 1 line cannot. Nothing was saved.",
    );
    await expect(dialog.getByRole("status")).toContainText("Line 4, id");
    expect(await look(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect(dialog.getByRole("status")).toContainText(/Nothing was imported.*Line 4, id/s);
    const lines = Array.from({ length: 2_000 }, (_, n) => `${n + 1},"gift, ${n}",,"not\nwanted"\n`);
    const good = `id,name,given,of whom\n${lines.join("")}`;
    await dialog.getByLabel("File", { exact: true }).setInputFiles({ ...file, buffer: Buffer.from(good) });
    await expect(dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
    await dialog.getByRole("combobox", { name: "Target for of whom" }).selectOption({ label: "Leave out" });
    await expect(dialog.getByRole("columnheader", { name: "left out" })).toBeVisible();
    expect(await look(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect(dialog.getByRole("status")).toContainText("2,000 rows imported.");
    await dialog.getByRole("button", { name: "Close" }).click();

    await page.getByRole("button", { name: "Export…" }).click();
    const download = await exported(page);
    expect(download.suggestedFilename()).toBe("gift.csv");
    const bytes = readFileSync(await download.path());
    expect(String(bytes)).toBe(good.replace(",of whom", "").replaceAll(',"not\nwanted"', ""));
    await expect(transfers).toContainText(createHash("sha256").update(bytes).digest("hex"));
    await expect(transfers).toContainText("complete · 2,000 rows");
    // What is told of it takes its room from the rows, and covers none of them.
    const rows = await page.getByRole("grid", { name: "Rows" }).boundingBox();
    const told = await transfers.boundingBox();
    expect((rows?.y ?? 0) + (rows?.height ?? 0)).toBeLessThanOrEqual(told?.y ?? 0);
  });

  await test.step("a result that breaks off", async () => {
    await page.getByRole("tab", { name: "SQL 1" }).click();
    await sqlEditor(page).fill(
      "select n, 1 / (60000 - n) as a, repeat('x', 200) from generate_series(1, 100000) n",
    );
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "Export…" }).last().click();
    const failed = await exported(page, "JSON lines");
    expect(await failed.failure()).not.toBeNull();
    await expect(transfers.getByRole("listitem").first()).toContainText("division by zero 22012");
    await page.getByRole("button", { name: "Export…" }).last().click();
    const copied = await exported(page);
    expect(await copied.failure()).not.toBeNull();
    await expect(transfers.getByRole("listitem")).toHaveCount(6);
  });

  expect(sent.filter((url) => /division|60000|Anna|gift,/.test(url))).toEqual([]);
});
