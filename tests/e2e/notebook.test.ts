import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { overflows } from "#tests/support/overflow.ts";
import { signIn, sqlEditor } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.use({ actionTimeout: 20_000 });

const member = { name: "nora", password: "harbour-violin-7-moss" };

test("a statement of yesterday is found, one is shared with another member, a table's neighbours are drawn", async ({
  page,
  browser,
  consoleServer,
  servers,
}) => {
  test.setTimeout(120_000);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/settings/team`);
  await page.getByRole("textbox", { name: "User name" }).fill(member.name);
  await page.getByLabel("First password").fill(member.password);
  await page.getByRole("button", { name: "Add member" }).click();
  await expect(page.getByText(`${member.name} can now sign in.`)).toBeVisible();
  await page.goto(`${consoleServer.url}/connections/new`);
  const { user, password, database } = demoUser;
  const string = `postgres://${user}:${password}@localhost:${servers.verified.port}/${database}?sslmode=require`;
  await page.getByRole("textbox", { name: "Connection string" }).fill(string);
  await page.getByRole("textbox", { name: "Name" }).fill("Notebook shop");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Save connection" }).click();
  await expect(page.getByText("Notebook shop saved.")).toBeVisible();
  const path = new URL(page.url()).pathname;

  await test.step("what was run is found again, without its password, and never run by being opened", async () => {
    await sqlEditor(page).fill("select * from nothing_here");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/relation .nothing_here. does not exist/).first()).toBeVisible();
    await sqlEditor(page).fill("select dblink('password=hunter2', 'canary')");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByText(/dblink\(unknown/).first()).toBeVisible();
    await sqlEditor(page).fill("select 41 + 1 as answer");
    await page.keyboard.press("Control+Enter");
    await expect(page.getByRole("gridcell", { name: "42" })).toBeVisible();
    await page.getByRole("button", { name: "History and saved queries" }).click();
    await expect(page).toHaveURL(/\/history$/);
    const runs = page.getByRole("list", { name: "Statement history" }).getByRole("article");
    await expect(runs).toHaveCount(3);
    await expect(runs.first()).toContainText("select 41 + 1 as answer");
    await expect(runs.nth(1)).toContainText("password=[secret]");
    await expect(runs.nth(2)).toContainText("failed 42P01");
    problems.push(...(await look(page)), ...(await overflows(page, "the history")));
    await page.getByRole("searchbox", { name: "Search statements" }).fill("41 answer");
    await expect(runs).toHaveCount(1);
    await runs.getByRole("button", { name: /^Open in a new SQL tab/ }).click();
    await expect(page.getByRole("tab", { name: "SQL 2", selected: true })).toBeVisible();
    await expect(sqlEditor(page)).toHaveText("select 41 + 1 as answer");
    await expect(page.getByRole("gridcell", { name: "42" })).toBeHidden();
  });

  await test.step("it is saved and shared", async () => {
    await page.getByRole("button", { name: "Save query" }).filter({ visible: true }).click();
    const dialog = page.getByRole("dialog", { name: "Save query" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("The answer");
    await dialog.getByRole("checkbox", { name: "Share with the team" }).check();
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step("another member reads it and opens it by its address; nobody's history is theirs", async () => {
    const theirs = await (await browser.newContext()).newPage();
    await signInAs(theirs, consoleServer.url);
    await theirs.goto(`${consoleServer.url}${path}/queries`);
    const list = theirs.getByRole("list", { name: "Saved queries" });
    await expect(list.getByRole("article")).toHaveCount(1);
    await expect(list).toContainText("saved by olive");
    await expect(list.getByRole("button", { name: /^(Change|Delete) / })).toHaveCount(0);
    problems.push(...(await look(theirs)));
    await theirs.getByRole("tab", { name: "History", exact: true }).click();
    await expect(theirs.getByText("Statements you run appear here.")).toBeVisible();
    const answer = await theirs.request.get(`${consoleServer.url}/api${path}/queries`);
    const [query] = (await answer.json()).queries as readonly { readonly id: string }[];
    await theirs.goto(`${consoleServer.url}${path}/q/${query?.id}`);
    await expect(sqlEditor(theirs)).toHaveText("select 41 + 1 as answer");
    await expect(theirs).toHaveURL(/\/sql\/\d+$/);
    await expect(theirs.getByRole("gridcell", { name: "42" })).toHaveCount(0);
    await theirs.context().close();
  });

  await test.step("the picture of a table: by keyboard, and as a file", async () => {
    await page.goto(`${consoleServer.url}${path}/t/public/order/picture`);
    const drawing = page.getByRole("group", { name: /^Diagram of .* around order$/ });
    await expect(drawing).toBeVisible();
    problems.push(...(await look(page)));
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as SVG" }).click();
    const file = await (await downloading).path();
    expect(readFileSync(file, "utf8")).toMatch(/^<svg [\s\S]*order[\s\S]*fill="rgb/);
    await drawing.getByRole("button", { name: "Open public.order", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("grid", { name: "Rows" })).toBeVisible();
    await expect(page).not.toHaveURL(/order/);
  });

  expect(sent.filter((url) => /hunter2|canary|answer/.test(url))).toEqual([]);
  expect(problems).toEqual([]);
});

async function signInAs(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByRole("textbox", { name: "User name" }).fill(member.name);
  await page.getByLabel("Password", { exact: true }).fill(member.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/connections/);
}
