import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

const tree = (page: Page) => page.getByRole("tree", { name: "Plan steps" });
const steps = (page: Page) => tree(page).getByRole("treeitem");
const shown = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).filter({ visible: true });

async function run(page: Page, sql: string): Promise<void> {
  await sqlEditor(page).fill(sql);
  await sqlEditor(page).press("Control+Enter");
}

async function connect(page: Page, url: string, port: number): Promise<void> {
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { violations: told });
    document.addEventListener("securitypolicyviolation", ({ violatedDirective }) =>
      told.push(violatedDirective),
    );
  });
  await page.goto(`${url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(sqlEditor(page)).toBeVisible();
}

test("a plan is read, measured and undone; who waits is seen, and what is in the way ended", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(120_000);
  await signIn(page, consoleServer);
  await connect(page, consoleServer.url, servers.verified.port);
  const asked: string[] = [];
  page.on("request", (request) => {
    if (/\/plan$/.test(request.url())) asked.push(request.postData() ?? "");
  });

  await test.step("the plan of the statement at the caret, by a key", async () => {
    await sqlEditor(page).fill(
      'select * from "order" o join customer c on c.id = o.customer_id where o.id = 1;\nselect 1',
    );
    await sqlEditor(page).press("Control+Home");
    await sqlEditor(page).press("Control+e");
    await expect(page.getByText("Planned, not run")).toBeVisible();
    await expect(steps(page).first()).toContainText("Nested Loop");
  });

  await test.step("measured, and walked by the keys", async () => {
    await sqlEditor(page).press("Control+Alt+e");
    await expect(page.getByText("Measured", { exact: true })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Findings" })).toBeVisible();
    await steps(page).first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(steps(page).nth(1)).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("heading", { name: /^Step 2: / })).toBeVisible();
    const all = await steps(page).count();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    await expect(steps(page)).toHaveCount(1);
    await page.keyboard.press("ArrowRight");
    await expect(steps(page)).toHaveCount(all);
  });

  await test.step("in another form nothing is asked again", async () => {
    const before = asked.length;
    await shown(page, "Text").click();
    await expect(page.getByText(/Nested Loop {2}\(cost=.*actual time=/)).toBeVisible();
    await shown(page, "JSON").click();
    await expect(page.getByText('"Node Type": "Nested Loop"')).toBeVisible();
    await shown(page, "Tree").click();
    expect(asked).toHaveLength(before);
    expect(await look(page)).toEqual([]);
  });

  await test.step("beside an earlier one of the tab, by the keys", async () => {
    const before = asked.length;
    await page.getByRole("combobox", { name: "Compare with…" }).focus();
    await page.keyboard.press("ArrowDown");
    const rows = page.getByRole("list", { name: "Plans side by side" }).getByRole("listitem");
    await expect(rows.first()).toContainText("Nested Loop");
    await expect(page.getByText(/the steps are the same$/)).toBeVisible();
    await expect(page.getByText(/^Only one of the two was measured/)).toBeVisible();
    expect(await look(page)).toEqual([]);
    await page.getByRole("combobox", { name: "Compare with…" }).press("ArrowUp");
    await expect(steps(page).first()).toBeVisible();
    expect(asked).toHaveLength(before);
  });

  await test.step("what writes is asked about first, and undone", async () => {
    await sqlEditor(page).fill("update customer set name = 'measured' where id = 1");
    await sqlEditor(page).press("Control+Alt+e");
    await expect(page.getByText("Measuring this statement runs its writes")).toBeVisible();
    await shown(page, "Measure and roll back").click();
    await expect(page.getByText("Rolled back", { exact: true })).toBeVisible();
    await expect(page.getByText(/does not undo sequence numbers/)).toBeVisible();
    await run(page, "select count(*)::text || ' measured' from customer where name = 'measured'");
    await expect(page.getByRole("grid", { name: "Result" })).toContainText("0 measured");
  });

  await test.step("what has no plan says why", async () => {
    await sqlEditor(page).fill("drop table customer");
    await shown(page, "Plan").click();
    await expect(page.getByText(/^The server plans SELECT/)).toBeVisible();
    await sqlEditor(page).fill("select nowhere from customer");
    await shown(page, "Plan").click();
    await expect(page.getByRole("alert").getByText("42703")).toBeVisible();
  });

  await test.step("who waits stands beneath whom they wait for; the end of that one is asked, and told", async () => {
    await run(page, "begin");
    await expect(page.getByText(/A transaction is open/)).toBeVisible();
    await run(page, "update customer set name = name where id = 1");
    await expect(page.getByText(/^1 row written/)).toBeVisible();
    await page.getByRole("button", { name: "New SQL tab" }).click();
    // Looking at it takes longer than a lock is waited for.
    await run(page, "set lock_timeout = '60s'");
    await expect(shown(page, "Run")).not.toHaveAttribute("aria-busy");
    await run(page, "update customer set name = name where id = 1");
    await page.getByRole("button", { name: "Activity", exact: true }).click();
    const rows = page.getByRole("table", { name: "Database sessions" }).getByRole("row");
    await expect(rows.nth(1)).toContainText("blocks 1 session");
    await expect(rows.nth(1)).toContainText("yours: SQL 1");
    await expect(rows.nth(2)).toContainText(/waiting for \d+/);
    expect(await look(page)).toEqual([]);
    await rows
      .nth(1)
      .getByRole("button", { name: /^End session/ })
      .click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("your own session in this console (SQL 1)");
    await dialog.getByRole("button", { name: "End", exact: true }).click();
    await expect(page.getByText(/^(Session \d+ ended|Asked the server to end session \d+)\.$/)).toBeVisible();
    await page.getByRole("tab", { name: "SQL 2" }).click();
    await expect(page.getByText(/^1 row written/).filter({ visible: true })).toBeVisible();
    await page.getByRole("tab", { name: "SQL 1" }).click();
    await expect(page.getByText(/Lost with it: an open transaction/)).toBeVisible();
  });

  const violations = await page.evaluate(() => (window as unknown as { violations: string[] }).violations);
  expect(violations).toEqual([]);
});
