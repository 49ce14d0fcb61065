import { readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { consolePages } from "#tests/support/console-pages.ts";
import { startConsole, type TestConsole } from "#tests/support/console-server.ts";
import { overflows } from "#tests/support/overflow.ts";
import { owner, signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test, type WorkerServers } from "#tests/support/sample-servers.ts";

// One console for all, one page a language. Every route and state is looked at as it stands, at four widths, as it is
// and with texts that are 40 % longer.

const locales = ["en", "fr", "zh-TW"] as const;

type Servers = WorkerServers["servers"];
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>> = [];
/** What did not fit before anybody had signed in: some of that can be seen only once. */
const atTheDoor: string[] = [];

test.beforeAll(async ({ browser, consoleServer }) => {
  test.setTimeout(300_000);
  // One that nobody is set up in: the worker's own may have been used by another test.
  const fresh = await startConsole();
  for (const locale of locales) {
    const page = await openPage(browser, locale, []);
    await page.goto(`${fresh.url}/setup`);
    await expect(page.getByRole("button").first()).toBeVisible();
    atTheDoor.push(...(await overflows(page, `${locale} /setup`)));
    await page.context().close();
  }
  await fresh.stop();
  const page = await openPage(browser, "en", []);
  await signIn(page, consoleServer);
  cookies = await page.context().cookies();
  await page.context().close();
});

test("before anybody has signed in", async ({ browser, consoleServer }) => {
  for (const locale of locales) {
    const page = await openPage(browser, locale, []);
    await page.goto(`${consoleServer.url}/login`);
    await page.locator("input[name=name]").fill(owner.name);
    await page.locator("input[name=password]").fill("not this one");
    await page.locator("button[type=submit]").click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    atTheDoor.push(...(await overflows(page, `${locale} /login, refused`)));
    await page.context().close();
  }
  expect(atTheDoor).toEqual([]);
});

test("on the smallest phone every main link is in sight", async ({ browser, consoleServer }) => {
  for (const locale of locales) {
    const page = await openPage(browser, locale, cookies);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${consoleServer.url}/help`);
    const nav = page.getByRole("banner").getByRole("navigation");
    await expect(nav.getByRole("link")).toHaveCount(3);
    // It would scroll, which nothing shows.
    expect(await nav.evaluate((element) => element.scrollWidth - element.clientWidth), locale).toBe(0);
    await page.context().close();
  }
});

test("an environment's name is broken in no word for the name beside it", async ({
  browser,
  consoleServer,
}) => {
  const page = await openPage(browser, "en", cookies);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("textbox", { name: "Connection string" }).fill("postgres://app@db.example.test/shop");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Client certificate, given");
  await page.getByRole("combobox", { name: "Environment" }).selectOption({ label: "Development" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("“Client certificate, given” saved.")).toBeVisible();
  await page.context().close();
  const french = await openPage(browser, "fr", cookies);
  await french.setViewportSize({ width: 390, height: 844 });
  await french.goto(`${consoleServer.url}/settings`);
  const row = french.getByRole("listitem").filter({ hasText: "Client certificate, given" });
  const lines = await row.getByText("Développement", { exact: true }).evaluate((element) => {
    const text = document.createRange();
    // The name; a dot stands before it.
    text.selectNodeContents(element.lastChild ?? element);
    return text.getClientRects().length;
  });
  expect(lines).toBe(1);
  await french.context().close();
});

for (const locale of locales) {
  test(`each route and state in ${locale}`, async ({ browser, consoleServer, servers }) => {
    test.setTimeout(180_000);
    const words = wordsOf(locale);
    const page = await openPage(browser, locale, cookies);
    const found: string[] = [];
    const look = async (state: string) => {
      found.push(...(await overflows(page, `${locale} ${state}`)));
      await page.setViewportSize({ width: 1440, height: 900 });
    };
    await theForm({ page, words, look, consoleServer, servers });
    await theSession({ page, words, look, consoleServer, servers });
    await thePages({ page, words, look, consoleServer, servers });
    await page.context().close();
    expect(found).toEqual([]);
  });
}

// In the languages with the longest words and the shortest lines.
for (const locale of ["fr", "zh-TW"] as const) {
  test(`each pane of the workbench in ${locale}`, async ({ browser, consoleServer, servers }) => {
    test.setTimeout(240_000);
    const words = wordsOf(locale);
    const page = await openPage(browser, locale, cookies);
    const found: string[] = [];
    const look = async (state: string) => {
      found.push(...(await overflows(page, `${locale} ${state}`)));
      await page.setViewportSize({ width: 1440, height: 900 });
    };
    await thePanes({ page, words, look, consoleServer, servers });
    await page.context().close();
    expect(found).toEqual([]);
  });
}

interface Walk {
  readonly page: Page;
  readonly words: ReturnType<typeof wordsOf>;
  /** Measures the page as it stands. */
  readonly look: (state: string) => Promise<void>;
  readonly consoleServer: TestConsole;
  readonly servers: Servers;
}

async function openPage(browser: Browser, locale: string, given: typeof cookies): Promise<Page> {
  const context = await browser.newContext({ locale, reducedMotion: "reduce" });
  await context.addCookies(given);
  const page = await context.newPage();
  // What a page fails by it tells its console alone.
  page.on("console", (line) => line.type() === "error" && console.log(page.url(), line.text()));
  // What is missing is told by its own line, not by the test's whole time.
  page.setDefaultTimeout(20_000);
  return page;
}

/** Read as files: Playwright's loader takes no JSON without saying so. */
function wordsOf(locale: string) {
  const read = (namespace: string) =>
    JSON.parse(
      readFileSync(path.join(import.meta.dirname, `../../messages/${locale}/${namespace}.json`), "utf8"),
    );
  return {
    form: read("form") as typeof import("#messages/en/form.json"),
    session: read("session") as typeof import("#messages/en/session.json"),
    strings: read("strings") as typeof import("#messages/en/strings.json"),
    unlock: read("unlock") as typeof import("#messages/en/unlock.json"),
    copyAs: read("copy-as") as typeof import("#messages/en/copy-as.json"),
    browse: read("browse") as typeof import("#messages/en/browse.json"),
    changes: read("changes") as typeof import("#messages/en/changes.json"),
    transfers: read("transfers") as typeof import("#messages/en/transfers.json"),
    plan: read("plan") as typeof import("#messages/en/plan.json"),
    notebook: read("notebook") as typeof import("#messages/en/notebook.json"),
  };
}

const longName = "orders-and-invoices.of-the-european-subsidiaries.production-2026";

async function theForm({
  page,
  words: { form, strings, copyAs },
  look,
  consoleServer,
  servers,
}: Walk): Promise<void> {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const text = (name: string) => page.getByRole("textbox", { name, exact: true });
  const host = page.locator("input[name=host]");
  await page.goto(`${consoleServer.url}/connections`);
  await look("/connections, as it begins");
  await page.goto(`${consoleServer.url}/connections/new`);
  await look("/connections/new");
  await theBar(page);
  await button(form.actions.test).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await page.getByRole("button", { name: form.sections.advanced }).click();
  await expect(page.locator("[name=applicationName]")).toBeVisible();
  await look("/connections/new, mistakes and advanced");

  await page.locator("select[name=signIn]").selectOption("aurora-dsql-token");
  await host.fill("abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws");
  await expect(page.locator("[name=tokenRegion]")).toBeVisible();
  await page.locator("select[name=tokenCredentials]").selectOption("keys");
  await look("/connections/new, a token");

  await page.goto(`${consoleServer.url}/connections/new`);
  const box = page.locator("textarea").first();
  const at = (port: number, more: string) =>
    `postgres://${demoUser.user}:${demoUser.password}@localhost:${port}/${demoUser.database}?${more}`;
  await box.fill(`A_URL=${at(1, "sslmode=require")}\nB_URL=${at(2, "sslmode=verify-full")}`);
  await button(strings.import.open).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("/connections/new, several in one paste");
  await page.keyboard.press("Escape");
  await box.fill(at(servers.wrongName.port, "sslmode=verify-full&keepalives=1&sslrootcert=/etc/ca.pem"));
  await text(form.labels.ca).fill(servers.ca.pem);
  await text(form.labels.clientCertificate).fill(servers.client.certificatePem);
  await text(form.labels.clientKey).fill(servers.client.keyPem);
  await page.locator("input[name=keyPassphrase]").fill(servers.client.passphrase);
  await button(form.actions.test).click();
  await expect(page.locator("[data-problem=tls-hostname-mismatch]")).toBeVisible({ timeout: 20_000 });
  await look("/connections/new, a problem and its fixes");
  await page.getByRole("button", { name: form.result.seen }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("/connections/new, the report of a problem");
  await page.keyboard.press("Escape");

  await button(copyAs.button).click();
  await expect(page.getByRole("dialog").locator("pre, textarea").first()).toBeVisible();
  await look("/connections/new, copy as");
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "Cloak DB" }).click();
  await expect(page.getByRole("dialog", { name: form.leave.title })).toBeVisible();
  await look("/connections/new, leaving");
  await button(form.leave.stay).click();

  await page.locator("input[name=name]").fill(`${longName} of Wrong`);
  await button(form.actions.save).click();
  await expect(page).toHaveURL(/\/connections$/);
}

/** The fixed bar takes 13 % of a phone's height at most, and covers nothing that has focus. */
async function theBar(page: Page): Promise<void> {
  for (const [width, height] of [
    [390, 844],
    [320, 640],
  ] as const) {
    await page.setViewportSize({ width, height });
    const seen = await page.evaluate(() => {
      const bar = document.querySelector("form [role=group]:has([type=submit])");
      const head = document.querySelector("header");
      if (bar === null || head === null) return { bar: Number.NaN, covered: [] };
      const fields = document.querySelectorAll<HTMLElement>("form :is(input, textarea, select, button)");
      const covered = [...fields].flatMap((field) => {
        if (bar.contains(field) || !field.checkVisibility()) return [];
        field.focus();
        const { top, bottom } = field.getBoundingClientRect();
        const isFree =
          bottom <= bar.getBoundingClientRect().top && top >= head.getBoundingClientRect().bottom;
        return isFree ? [] : [field.getAttribute("name") ?? field.textContent];
      });
      return { bar: bar.getBoundingClientRect().height, covered };
    });
    expect(seen.bar, `the bar at ${width}`).toBeLessThanOrEqual(height * 0.13);
    expect(seen.covered, `covered at ${width}`).toEqual([]);
  }
}

async function theSession({
  page,
  words: { unlock, form, session, copyAs },
  look,
  consoleServer,
  servers,
}: Walk): Promise<void> {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  await page
    .getByRole("link", { name: `${longName} of Wrong` })
    .first()
    .click();
  await expect(page.locator("[data-problem=tls-hostname-mismatch]")).toBeVisible({ timeout: 20_000 });
  await look("/connections/[id], not connected");

  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .locator("textarea")
    .first()
    .fill(
      `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/${demoUser.database}?sslmode=require`,
    );
  await page.locator("select[name=environment]").selectOption("production");
  await button(form.actions.connect).click();
  const badge = page.locator("button[data-truth]");
  await expect(badge).toBeVisible({ timeout: 20_000 });
  await look("/connections/[id], not saved");
  await page.getByRole("textbox", { name: session.unsaved.name }).fill(longName);
  await button(session.unsaved.save).click();
  await expect(page.getByRole("heading", { name: longName })).toBeVisible();
  await look("/connections/[id], connected");
  const sql = sqlEditor(page);
  await sql.fill("select n, repeat('wide', n) as wide, null as nothing from generate_series(1, 40) as n");
  await button(session.sql.run).click();
  await expect(page.getByRole("grid")).toBeVisible();
  await look("/connections/[id], rows");
  await sql.fill("select * from a_table_that_is_not_there_and_whose_name_is_long");
  await button(session.sql.run).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await look("/connections/[id], an error");
  await button(unlock.open).click();
  await page.getByRole("dialog").getByRole("textbox").fill("mend an order");
  await look("/connections/[id], to be unlocked");
  await button(unlock.submit).click();
  await expect(page.getByRole("timer")).toBeVisible();
  await look("/connections/[id], unlocked");
  await page.getByRole("switch").click();
  await sql.fill("begin");
  await button(session.sql.run).click();
  await expect(button(session.transaction.rollback)).toBeVisible();
  await look("/connections/[id], a transaction");
  await button(session.transaction.rollback).click();
  await badge.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("/connections/[id], the TLS report");
  await page.keyboard.press("Escape");
  await button(copyAs.button).click();
  await expect(page.getByRole("dialog").locator("pre, textarea").first()).toBeVisible();
  await look("/connections/[id], copy as");
  const id = /\/connections\/([^/?]+)/.exec(page.url())?.[1] ?? "";
  await page.goto(`${consoleServer.url}/settings/connections/${id}`);
  await button(form.actions.test).click();
  await expect(
    page.getByRole("list", { name: form.result.steps }).getByRole("listitem").last(),
  ).toContainText("ms");
  await look("/settings/connections/[id], tested");
  await page.goto(`${consoleServer.url}/settings/access/${id}`);
  await look("/settings/access/[id]");
}

/** What the workbench opens: nothing of it is kept on the server. */
async function thePanes({ page, words, look, consoleServer, servers }: Walk): Promise<void> {
  const { browse, changes, transfers, form, session, plan, notebook } = words;
  const button = (name: string) => page.getByRole("button", { name, exact: true }).filter({ visible: true });
  const dialog = page.getByRole("dialog");
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .locator("textarea")
    .first()
    .fill(
      `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/${demoUser.database}?sslmode=require`,
    );
  await button(form.actions.connect).click();
  const sql = sqlEditor(page);
  await expect(sql).toBeVisible({ timeout: 20_000 });
  const base = page.url().replace(/\/sql.*/, "");

  await page.goto(`${base}/t/public/order`);
  const grid = page.getByRole("grid", { name: browse.table.rows });
  await expect(button(changes.add)).toBeVisible({ timeout: 20_000 });
  await look("a table");
  await button(browse.transfers.export).click();
  await expect(dialog).toBeVisible();
  await look("an export");
  await page.keyboard.press("Escape");
  await button(browse.transfers.import).click();
  await look("an import, as it begins");
  await dialog.locator("input[type=file]").setInputFiles({
    name: "orders.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`id,customer_id,ordered_at\n${"one".repeat(30)},1,never\n`),
  });
  await expect(dialog.getByRole("table")).toBeVisible();
  await look("an import, its file and its columns");
  await dialog.getByRole("button", { name: transfers.import.try, exact: true }).click();
  await expect(dialog.getByRole("status").filter({ hasText: /\d/ }).first()).toBeVisible();
  await look("an import, tried");
  await dialog.getByRole("button", { name: transfers.import.leave, exact: true }).click();
  await expect(page.getByRole("region", { name: transfers.panel.title })).toBeVisible();
  await look("the list of transfers");

  await grid.focus();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+Alt+Insert");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: changes.pending })).toBeVisible();
  await look("pending changes and a new row");
  await page.keyboard.press("Control+s");
  await expect(dialog).toBeVisible();
  await look("the review");
  await dialog.getByRole("button", { name: changes.review.try, exact: true }).click();
  await expect(dialog.getByText(/23502/).first()).toBeVisible();
  await look("the review, refused");
  await dialog.getByRole("button", { name: changes.review.close, exact: true }).click();
  await button(changes.discard).click();
  for (const part of ["columns", "keys", "references", "definition"] as const) {
    await page.getByRole("tab", { name: browse.table.part[part], exact: true }).click();
    await look(`a table, its ${part}`);
  }
  await page.getByRole("tab", { name: browse.table.part.picture, exact: true }).click();
  await expect(page.locator("svg [role=button]").first()).toBeVisible();
  await look("a table, its picture");

  await page.goto(`${base}/sql/1`);
  await sql.fill('select o.*, c.name from "order" o join customer c on c.id = o.customer_id where o.id < 4');
  await page.keyboard.press("Control+Enter");
  await button(session.result.edit).click();
  await expect(button(changes.add)).toBeVisible();
  await look("a result that is edited");
  await button(changes.result.done).click();
  await sql.focus();
  await page.keyboard.press("Control+Alt+e");
  const steps = page.getByRole("tree", { name: plan.tree.label });
  await expect(steps).toBeVisible();
  await steps.getByRole("treeitem").first().click();
  await look("a measured plan");
  await button(notebook.queries.save).click();
  await look("a query that is saved");
  await page.keyboard.press("Escape");
  for (const path of ["activity", "history", "queries"]) {
    await page.goto(`${base}/${path}`);
    await expect(page.getByRole("tabpanel").filter({ visible: true }).first()).toContainText(/\p{L}/u);
    await look(`the pane of ${path}`);
  }
}

async function thePages({ page, look, consoleServer }: Walk): Promise<void> {
  for (const path of [
    ...consolePages,
    "/connections?search=nothing-is-called-like-this-and-nobody-would",
    "/help?q=certificate",
    "/help/providers/azure-citus",
    "/help/providers/local",
    "/help/providers/rds",
    "/help/providers/supabase",
  ]) {
    await page.goto(`${consoleServer.url}${path}`);
    await expect(page.locator(".animate-pulse")).toHaveCount(0);
    await look(path);
  }
}
