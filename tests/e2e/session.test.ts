import { demoUser } from "#lib/samples/demo-servers.ts";
import { signIn } from "#tests/support/person.ts";
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
  await page.getByRole("textbox", { name: "SQL" }).fill(sql);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const grid = page.getByRole("grid", { name: "Result" });
  await expect(grid.getByRole("row").nth(5)).toBeVisible();
  await expect(page.getByRole("status", { name: "Outcome" })).toContainText(/64 rows so far/);
  expect(await running()).toBe(1);
  await page.close();
  await expect.poll(running, { timeout: 5_000 }).toBe(0);
});
