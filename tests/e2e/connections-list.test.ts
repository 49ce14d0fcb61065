import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { overflows, widths } from "#tests/support/overflow.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a list is grouped, tagged, starred, narrowed and tested, by keyboard alone", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(180_000);
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = (port: number) =>
    `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?sslmode=`;
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `TILL_ONE_URL=${string(servers.verified.port)}require\nTILL_TWO_URL=${string(servers.selfSigned.port)}verify-full\nDEPOT_URL=${string(servers.expired.port)}require`,
    );
  await page.getByRole("button", { name: "Choose which to save" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Save 3 connections" }).press("Enter");
  await expect(page).toHaveURL(/\/connections$/);

  const row = (name: string) =>
    page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
  const choose = async (name: string, act: string) => {
    await page.getByRole("button", { name: `Actions for ${name}` }).press("Enter");
    const item = page.getByRole("menuitem", { name: act });
    for (
      let step = 0;
      step < 10 && !(await item.evaluate((one) => one === document.activeElement));
      step += 1
    )
      await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
  };

  await test.step("two go to a group together, one of them is a favourite", async () => {
    for (const name of ["TILL_ONE_URL", "TILL_TWO_URL"])
      await page.getByRole("checkbox", { name: `Select ${name}` }).press("Space");
    const bar = page.getByRole("region", { name: "Selection" });
    await expect(bar).toContainText("2 selected");
    await bar.getByRole("button", { name: "Move to group…" }).press("Enter");
    await page
      .getByRole("textbox", { name: "Group" })
      .or(page.getByRole("combobox", { name: "Group" }))
      .fill("Shop tills");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: /^Shop tills/ })).toHaveAttribute("aria-expanded", "true");
    await expect(bar).toHaveCount(0);
    await choose("TILL_TWO_URL", "Add to favourites");
    await expect(row("TILL_TWO_URL").getByRole("img", { name: "Favourite" })).toBeVisible();
    await expect(page.getByRole("rowheader", { name: /TILL|DEPOT/ }).first()).toContainText("TILL_TWO_URL");
    await choose("DEPOT_URL", "Tags…");
    await page.getByRole("textbox", { name: "New tag" }).fill("cold");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).press("Enter");
    await expect(row("DEPOT_URL")).toContainText("cold");
  });

  await test.step("the address folds and narrows it, also after a reload", async () => {
    await page.getByRole("link", { name: /^Shop tills/ }).press("Enter");
    await expect(row("TILL_ONE_URL")).toHaveCount(0);
    await expect(page).toHaveURL(/fold=Shop/);
    await page.goto(`${consoleServer.url}/connections?tag=cold`);
    await expect(page.getByRole("table").getByRole("rowheader")).toHaveCount(1);
    await expect(row("DEPOT_URL")).toBeVisible();
    await page.getByRole("link", { name: "Clear filters" }).press("Enter");
    await expect(row("TILL_ONE_URL")).toBeVisible();
  });

  await test.step("all are tested, each says how it went, and who tried stays", async () => {
    await page.getByRole("searchbox", { name: "Search connections" }).fill("_url");
    await page.getByRole("button", { name: /^Test matches \(\d/ }).press("Enter");
    await expect(page.getByText(/^\d+ passed, \d+ failed$/)).toBeVisible({ timeout: 60_000 });
    await expect(row("TILL_ONE_URL")).toContainText("Test passed in");
    await expect(row("TILL_TWO_URL")).toContainText("self-signed");
    await expect(row("TILL_TWO_URL").getByRole("link", { name: "How to fix it" })).toHaveAttribute(
      "href",
      /tls-self-signed/,
    );
    await page.reload();
    await expect(row("TILL_ONE_URL")).toContainText("by olive");
    await page.getByRole("link", { name: "TLS", exact: true }).press("Enter");
    await expect(page.getByRole("columnheader", { name: "TLS" })).toHaveAttribute("aria-sort", "ascending");
  });

  await page.getByRole("checkbox", { name: "Select DEPOT_URL" }).check();
  expect(await look(page)).toEqual([]);
  expect(await overflows(page, `the list at ${widths.join()}`)).toEqual([]);
});
