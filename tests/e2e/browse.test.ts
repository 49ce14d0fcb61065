import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("a table is found, opened, sorted, filtered and walked through, and Back leads the same way", async ({
  page,
  consoleServer,
  servers,
}) => {
  const { port } = servers.verified;
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(sqlEditor(page)).toBeVisible();
  await sqlEditor(page).fill("select 'kept'");

  // Found by typing, opened by Enter: no key but those of a keyboard until the grid has rows.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("orde");
  await expect(page.getByRole("treeitem", { name: /\.order$/ })).toBeVisible();
  await page.keyboard.press("Enter");
  const grid = page.getByRole("grid", { name: "Rows" });
  const position = page.getByRole("status", { name: "Position" });
  await expect(grid).toBeVisible();
  await expect(page.getByText("Ordered by id ↑")).toBeVisible();
  await expect(position).toHaveText("rows 1–100 of ≈ 50,000");
  await page.keyboard.press("F6");
  await page.getByRole("grid", { name: "Rows" }).focus();

  await page.keyboard.press("Control+End");
  await expect(position).toContainText("of ≈ 50,000");
  await expect(grid.getByRole("gridcell", { name: "50000", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "First page" }).click();
  await expect(position).toHaveText(/^rows 1–100/);
  // A height that takes its time, however little, would stop the way to the page that has just come.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.getByRole("button", { name: "Next page" }).click();
  await expect(position).toHaveText(/^rows 101–200/);
  await page.emulateMedia({ reducedMotion: null });
  await page.getByRole("button", { name: "Go to key…" }).click();
  await page.getByRole("textbox", { name: "id" }).fill("31415");
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("gridcell", { name: "31415", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Count exactly" }).click();
  await expect(position).toContainText("of 50,000");

  await grid.getByText("total", { exact: true }).click();
  await expect(page.getByText("Ordered by total ↑, id ↑")).toBeVisible();
  await page.getByRole("button", { name: "Add filter" }).click();
  await page.getByRole("combobox", { name: "Column" }).selectOption("state");
  await page.getByRole("textbox", { name: "Value" }).fill("unpaid");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Filters" })).toContainText(
    /invalid input value for enum .*: "unpaid" 22P02/,
  );
  await page.getByRole("button", { name: "state = unpaid" }).click();
  await page.getByRole("textbox", { name: "Value" }).fill("returned");
  await page.keyboard.press("Enter");
  await expect(grid.getByRole("gridcell", { name: "returned" }).first()).toBeVisible();
  await expect(page).toHaveURL(/#f=.*returned/);
  await page.goBack();
  await page.goBack();
  await expect(page.getByText("Ordered by total ↑, id ↑")).toBeVisible();
  await expect(grid.getByRole("gridcell", { name: "open" }).first()).toBeVisible();

  // To the customer that an order names, and back to the cell.
  const customer = grid.getByRole("row").nth(3).getByRole("gridcell").nth(1);
  const id = (await customer.textContent()) ?? "";
  await customer.click({ modifiers: ["Control"] });
  await expect(page.getByRole("tab", { name: "customer", selected: true })).toBeVisible();
  await expect(grid.getByRole("row").nth(1).getByRole("gridcell").first()).toHaveText(id);
  await page.goBack();
  await expect(page.getByRole("tab", { name: "order", selected: true })).toBeVisible();
  await expect(customer).toHaveText(id);

  // A long value is fetched whole; empty texts and blanks are seen.
  await page.getByRole("searchbox", { name: "Filter tables" }).fill("letter");
  await page.getByRole("treeitem", { name: "warehouse.letter", exact: true }).click();
  await expect(grid.getByRole("gridcell", { name: /14,800/ })).toBeVisible();
  await expect(grid.getByRole("gridcell", { name: "empty", exact: true }).first()).toBeVisible();
  await grid.getByRole("gridcell", { name: /14,800/ }).dblclick();
  await expect(page.getByRole("dialog").getByText("14,800 characters")).toBeVisible();
  await page.keyboard.press("Escape");

  // What was typed is there, the address has no value but in its fragment, and the policy was not touched.
  await page.getByRole("tab", { name: "SQL 1" }).click();
  await expect(sqlEditor(page)).toHaveText("select 'kept'");
  expect(sent.filter((url) => /returned|31415|unpaid/.test(url))).toEqual([]);
  expect(violations).toEqual([]);
  await page.goBack();
  await page.keyboard.press("F4");
  await expect(page.getByRole("region", { name: "Row" })).toContainText("Dear warehouse");
  expect(await look(page)).toEqual([]);
});

test("another part of a table is an address of its own, read anew on a reload", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("searchbox", { name: "Filter tables" }).fill("stock");
  await page.getByRole("treeitem", { name: "warehouse.stock", exact: true }).click();
  await page.getByRole("tab", { name: "References" }).click();
  await expect(page.getByRole("button", { name: "warehouse.site" })).toBeVisible();
  await page.getByRole("tab", { name: "Definition" }).click();
  await expect(page).toHaveURL(/\/t\/warehouse\/stock\/definition$/);
  await page.reload();
  await expect(page.getByText(/create table/i).first()).toBeVisible();
  expect(await look(page)).toEqual([]);
  await page.getByRole("tab", { name: "Rows" }).click();
  await expect(page.getByRole("grid", { name: "Rows" }).getByRole("row").nth(2)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  const bar = page.getByRole("navigation", { name: "Panes" });
  await bar.getByRole("button", { name: "Tables" }).click();
  await expect(page.getByRole("tree", { name: "Tables" })).toBeVisible();
  await bar.getByRole("button", { name: "SQL" }).click();
  await expect(sqlEditor(page)).toBeVisible();
  await bar.getByRole("button", { name: "Data" }).click();
  await expect(page.getByRole("grid", { name: "Rows" })).toBeVisible();
});
