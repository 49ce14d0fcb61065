import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

const editor = (page: Page) => page.locator(".cm-content");
const results = (page: Page) => page.getByRole("grid", { name: "Result" });
/** Runs it, and waits until that is over: meanwhile the keys do nothing. */
const run = async (page: Page, keys = "Control+Enter") => {
  await editor(page).press(keys);
  await expect(page.getByRole("button", { name: "Run", exact: true })).not.toHaveAttribute("aria-busy");
};
const draftIs = (page: Page, state: string) => expect(page.locator(`[data-draft="${state}"]`)).toBeVisible();

async function connect(page: Page, url: string, port: number) {
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { violations: told });
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, target }) => {
      told.push(`${violatedDirective} ${target instanceof Element ? target.outerHTML.slice(0, 200) : ""}`);
    });
  });
  await page.goto(`${url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(editor(page)).toBeVisible();
}

test("statements are edited, completed, run one by one or all, and what is typed is never lost", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(180_000);
  await signIn(page, consoleServer);
  await connect(page, consoleServer.url, servers.verified.port);

  await test.step("the statement at the caret runs, or what is selected, or all", async () => {
    await editor(page).fill("select 'one' as a;\nselect 'two' as b;\nselect 'three' as c;");
    await editor(page).press("Control+Home");
    await expect(page.locator("[data-will-run]")).toHaveText("Runs line 1");
    await editor(page).press("ArrowDown");
    await expect(page.locator("[data-will-run]")).toHaveText("Runs line 2");
    await run(page);
    await expect(results(page)).toContainText("two");
    await run(page, "Control+Shift+Enter");
    await expect(page.getByText("All 3 statements ran.")).toBeVisible();
    await expect(page.getByRole("tab", { name: /^\d: / })).toHaveCount(3);
    await expect(results(page)).toContainText("three");
    await page.getByRole("tab", { name: /^1:/ }).click();
    await expect(results(page)).toContainText("one");
    await page.keyboard.press("ArrowRight");
    await expect(results(page)).toContainText("two");
  });

  await test.step("a script stops at its first error, which is marked where it is", async () => {
    await editor(page).fill("create temp table s (a int);\nselect nothing;\ninsert into s values (1)");
    await run(page, "Control+Shift+Enter");
    await expect(page.getByText(/^Stopped at statement 2 of 3\. 1 earlier statement ran/)).toBeVisible();
    await expect(page.locator("[data-error-place]")).toHaveText("nothing");
    await expect(editor(page)).toHaveAttribute("aria-invalid", "true");
    await page.getByRole("tab", { name: /^3:/ }).click();
    await expect(page.getByText("Not run.")).toBeVisible();
  });

  await test.step("all in one transaction: nothing of it stays after an error", async () => {
    await editor(page).fill("insert into s values (1);\nselect 1/0");
    await page.getByRole("switch", { name: "All in one transaction" }).check();
    await page.getByRole("button", { name: "Run all" }).click();
    await expect(page.getByText(/Everything was rolled back/)).toBeVisible();
    await editor(page).fill("insert into s values (1);\nselect count(*)::text || ' of s' as n from s");
    await run(page, "Control+Shift+Enter");
    await expect(page.getByText(/Committed\./)).toBeVisible();
    await expect(results(page)).toContainText("1 of s");
  });

  await test.step("a result at its limit goes on when more is asked for, and gives way to the next statement", async () => {
    await page.locator("select").filter({ hasText: "1,000 rows" }).selectOption("1000");
    await editor(page).fill("select n, repeat('é', 300) as wide from generate_series(1, 2500) as n");
    await run(page);
    await expect(page.getByText(/The server keeps the result for \d+ s/)).toBeVisible();
    await page.getByRole("button", { name: "Load 1,000 more" }).click();
    await expect(results(page)).toHaveAttribute("aria-rowcount", "2001");
    await page.getByRole("button", { name: "Load 1,000 more" }).click();
    await expect(results(page)).toHaveAttribute("aria-rowcount", "2501");
    await expect(page.getByRole("button", { name: /^Load/ })).toHaveCount(0);
    await results(page).press("Control+End");
    await expect(results(page).getByRole("gridcell", { name: "2500", exact: true })).toBeVisible();
    await run(page);
    await expect(page.getByRole("button", { name: "Load 1,000 more" })).toBeVisible();
    await editor(page).fill("select 'the next one' as next");
    await run(page);
    await expect(results(page)).toContainText("the next one");
    await page.locator("select").filter({ hasText: "1,000 rows" }).selectOption("10000");
  });

  await test.step("values are bound to parameters", async () => {
    await editor(page).fill("select $1::text || '!' as v, $2::int is null as n");
    await page.getByRole("textbox", { name: "Value of $1" }).fill("'; drop table s; --");
    await page.getByRole("checkbox", { name: "$2 is NULL" }).check();
    await run(page);
    await expect(results(page)).toContainText("'; drop table s; --!");
    await expect(results(page).getByRole("gridcell").nth(1)).toHaveText("t");
  });

  await test.step("commands of psql are answered", async () => {
    await editor(page).fill("\\x");
    await run(page);
    await expect(page.getByText("\\x is a psql command")).toBeVisible();
    await editor(page).fill("\\d s");
    await run(page);
    await expect(results(page)).toContainText("integer");
  });

  await test.step("what LISTEN hears is shown", async () => {
    await editor(page).fill("listen news;\nnotify news, 'fresh'");
    await page.getByRole("switch", { name: "All in one transaction" }).uncheck();
    await run(page, "Control+Shift+Enter");
    await expect(page.getByText("fresh", { exact: true })).toBeVisible();
  });

  await test.step("completion knows the statement's own tables", async () => {
    await editor(page).fill("select  from customer c");
    await editor(page).press("Control+Home");
    for (let step = 0; step < 7; step += 1) await editor(page).press("ArrowRight");
    await editor(page).pressSequentially("c.na");
    await expect(page.getByRole("option", { name: /^name/ })).toBeVisible();
    await editor(page).press("Tab");
    await expect(editor(page)).toHaveText("select c.name from customer c");
    await editor(page).press("Control+End");
    await editor(page).pressSequentially(" join ord");
    await page
      .getByRole("option", { name: /^order/ })
      .first()
      .click();
    await expect(editor(page)).toHaveText('select c.name from customer c join "order"');
    await run(page);
    await editor(page).press("Escape");
  });

  await test.step("Tab leaves the editor, and indents after Ctrl+M", async () => {
    await editor(page).fill("x");
    await editor(page).press("Tab");
    await expect(editor(page)).not.toBeFocused();
    await editor(page).focus();
    await editor(page).press("Control+m");
    await editor(page).press("Tab");
    await expect(editor(page)).toBeFocused();
    await expect(editor(page)).toHaveText("  x");
  });

  await test.step("it is set in lines, and what was run comes back", async () => {
    await editor(page).fill("select a,b from t where c=1");
    await editor(page).press("Shift+Alt+f");
    await expect(page.locator(".cm-line")).toHaveCount(7);
    await editor(page).press("Alt+ArrowUp");
    await expect(editor(page)).toHaveText(/join "order"/);
    await editor(page).press("Alt+ArrowDown");
    await expect(page.locator(".cm-line")).toHaveCount(7);
    await editor(page).press("Control+f");
    await expect(page.getByRole("textbox", { name: "Find" })).toBeFocused();
    await page.keyboard.press("Escape");
  });

  await test.step("it can be used by everybody, and the page's policy holds", async () => {
    expect(await look(page)).toEqual([]);
    expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  });

  await test.step("what is typed is there after a reload, and beside what another window typed", async () => {
    await editor(page).fill("select 'first window'");
    await draftIs(page, "saved");
    const other = await page.context().newPage();
    await other.goto(page.url());
    await expect(editor(other)).toHaveText("select 'first window'");
    await editor(page).fill("select 'first window, later'");
    await draftIs(page, "saved");
    await editor(other).fill("select 'second window'");
    await expect(other.getByText(/Another window changed this text/)).toBeVisible();
    await page.reload();
    await expect(editor(page)).toHaveText("select 'first window, later'");
    await other.reload();
    await expect(editor(other)).toHaveText("select 'second window'");
    await page.getByRole("button", { name: "Drafts" }).click();
    await page.getByRole("button", { name: "Open draft select 'second window'" }).click();
    // In a tab of its own; what was typed in this one stays.
    const opened = page.getByRole("tab", { name: "SQL 2" });
    await expect(opened).toHaveAttribute("aria-selected", "true");
    await expect(editor(page).filter({ visible: true })).toHaveText("select 'second window'");
    await opened.focus();
    await page.keyboard.press("Delete");
    await expect(opened).toHaveCount(0);
    await expect(editor(page)).toHaveText("select 'first window, later'");
    await other.close();
  });

  await test.step("typed within the last second, it is sent as the page goes", async () => {
    await editor(page).fill("select 'at the last moment'");
    await page.reload();
    await expect(editor(page)).toHaveText("select 'at the last moment'");
  });

  await test.step("without a network it stays in the page, says so, and is sent later", async () => {
    await page.route("**/drafts", (route) => route.abort());
    await editor(page).fill("select 'offline'");
    await draftIs(page, "offline");
    await page.unroute("**/drafts");
    await draftIs(page, "saved");
    await page.reload();
    await expect(editor(page)).toHaveText("select 'offline'");
    const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
    expect(stored).not.toContain("offline");
  });
});
