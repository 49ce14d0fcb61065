import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { startDeafPort } from "#tests/support/deaf-port.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test("rows show while the rest arrives, and closing the tab ends the statement on the server", async ({
  page,
  consoleServer,
  servers,
}) => {
  const { port } = servers.verified;
  const running = async () => {
    const text =
      "select count(*)::int as count from pg_stat_activity where query like $1 and state = 'active'";
    const [row] = await servers.verified.admin(`${text} and pid <> pg_backend_pid()`, ["%slow_rows%"]);
    return row?.count;
  };
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  const sql =
    "select n as slow_rows, pg_sleep(case when n > 64 then 0.05 end) from generate_series(1, 4000) as n";
  await sqlEditor(page).fill(sql);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const grid = page.getByRole("grid", { name: "Result" });
  await expect(grid.getByRole("row").nth(5)).toBeVisible();
  await expect(page.getByRole("status", { name: "Outcome" })).toContainText(/64 rows so far/);
  expect(await running()).toBe(1);
  await page.close();
  await expect.poll(running, { timeout: 5_000 }).toBe(0);
});

test("edited while it connects, it connects with the new settings; an older page runs nothing with them", async ({
  page,
  consoleServer,
  servers,
}) => {
  const deaf = await startDeafPort();
  try {
    await signIn(page, consoleServer);
    await page.goto(`${consoleServer.url}/connections/new`);
    const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${deaf.port}/shop?sslmode=require`;
    await page.getByRole("textbox", { name: "Connection string" }).fill(string);
    await page.getByRole("textbox", { name: "Name" }).fill("Moving");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const link = page.getByRole("link", { name: "Moving", exact: true });
    await expect(link).toBeVisible();
    await link.click();
    await expect(page.getByText(/^Connecting/).first()).toBeVisible();

    const editor = await page.context().newPage();
    const moveTo = async (port: number) => {
      await editor.goto(`${consoleServer.url}/settings`);
      const actions = editor.getByRole("group", { name: "Actions for Moving" });
      await actions.getByRole("link", { name: "Edit" }).click();
      await editor.getByRole("textbox", { name: "Port" }).fill(String(port));
      const replace = editor.getByRole("button", { name: /^Replace/ });
      await replace.first().click();
      await editor.getByLabel("Password", { exact: true }).fill(demoUser.password);
      await editor.getByRole("button", { name: "Save", exact: true }).click();
      await expect(editor.getByText("Saved.", { exact: true })).toBeVisible();
    };
    await moveTo(servers.verified.port);
    await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();

    await moveTo(servers.selfSigned.port);
    await sqlEditor(page).fill("select 'here' as place");
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.locator('[data-problem="vault-changed-meanwhile"]')).toContainText(
      "This connection was changed",
    );
    await page.getByRole("button", { name: "Reconnect" }).first().click();
    await expect(page.getByText(`localhost:${servers.selfSigned.port}`).first()).toBeVisible();
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await expect(page.getByRole("grid", { name: "Result" })).toContainText("here");
  } finally {
    await deaf.stop();
  }
});

test("a page that is loaded anew finds its transaction, a copy of it and another tab have sessions of their own (W1)", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  const { port } = servers.verified;
  const string = `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/shop?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  const run = async (at: Page, sql: string) => {
    await sqlEditor(at).fill(sql);
    const button = at.getByRole("button", { name: "Run", exact: true });
    await button.click();
    await expect(button).not.toHaveAttribute("aria-busy");
  };
  const strip = (at: Page) => at.getByRole("region", { name: "Session of this tab" });
  await run(page, "set search_path = pg_catalog");
  await expect(strip(page)).toContainText("own session · search_path=pg_catalog");
  await run(page, "begin");
  await expect(strip(page)).toContainText(/search_path=pg_catalog · transaction open 00:0\d/);

  await page.reload();
  await expect(strip(page)).toContainText(/search_path=pg_catalog · transaction open 00:\d\d/);
  await expect(page.getByRole("button", { name: "Commit" })).toBeVisible();

  // Also where something else is in sight: the tab is kept, and there to be opened.
  const address = page.url();
  await page.goto(`${address.replace(/\/sql\/1$/, "")}/t/pg_catalog/pg_am`);
  await page.getByRole("tab", { name: "SQL 1" }).click();
  await expect(strip(page)).toContainText(/search_path=pg_catalog · transaction open 00:\d\d/);

  // A page that another opens gets a copy of its storage, and is in the same browser's hands.
  const [copy] = await Promise.all([
    page.waitForEvent("popup"),
    page.evaluate(() => void window.open(location.href)),
  ]);
  await expect(strip(copy)).toContainText("This is a copy of an open tab");
  await run(copy, "show search_path");
  await expect(copy.getByRole("grid", { name: "Result" })).toContainText('"$user", public');
  await expect(strip(copy)).toHaveCount(0);

  const other = await page.context().newPage();
  await other.goto(page.url());
  await run(other, "show search_path");
  await expect(other.getByRole("grid", { name: "Result" })).toContainText('"$user", public');

  await run(page, "select pg_backend_pid() as mine");
  const pid = Number(await page.getByRole("gridcell").first().textContent());
  const open = () => servers.verified.admin("select state from pg_stat_activity where pid = $1", [pid]);
  expect(await open()).toEqual([{ state: "idle in transaction" }]);
  await servers.verified.admin("select pg_terminate_backend($1)", [pid]);
  await expect.poll(open).toEqual([]);
  await run(page, "show search_path");
  await expect(page.locator('[data-problem="session-gone"]')).toBeVisible();
  await expect(strip(page)).toContainText("Lost with it: an open transaction, search_path=pg_catalog");
  await expect(page.getByRole("grid", { name: "Result" })).toHaveCount(0);
  await page.getByRole("button", { name: "Run in a new session" }).click();
  await expect(page.getByRole("grid", { name: "Result" })).toContainText('"$user", public');

  // Whoever closes the page for good leaves nothing open.
  await run(page, "begin");
  await run(page, "select pg_backend_pid() as mine");
  const last = Number(await page.getByRole("gridcell").first().textContent());
  await page.close({ runBeforeUnload: true });
  const stillOpen = () => servers.verified.admin("select from pg_stat_activity where pid = $1", [last]);
  await expect.poll(stillOpen, { timeout: 20_000 }).toEqual([]);
});
