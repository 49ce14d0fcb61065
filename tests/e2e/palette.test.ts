import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { look } from "#tests/support/look-at-page.ts";
import { overflows } from "#tests/support/overflow.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

test.describe.configure({ mode: "serial" });

const box = (page: Page) => page.getByRole("combobox", { name: "Search and commands" });
const options = (page: Page) =>
  page.getByRole("listbox", { name: "Search and commands" }).getByRole("option");
const marked = (page: Page) => options(page).and(page.locator("[aria-selected=true]"));

async function open(page: Page): Promise<void> {
  // A page that is just coming does not hear it yet.
  await expect(async () => {
    await page.keyboard.press("ControlOrMeta+k");
    await expect(box(page)).toBeFocused({ timeout: 1000 });
  }).toPass();
  await expect(options(page).first()).toBeVisible();
}

test("a connection is found with a slip of the finger, opened, tested and edited by keys alone", async ({
  page,
  consoleServer,
  servers,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(`postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/postgres`);
  await page.getByRole("textbox", { name: "Name" }).fill("Palette orchard");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("“Palette orchard” saved.")).toBeVisible();

  await open(page);
  await page.keyboard.type("palete orchrd");
  await expect(marked(page)).toContainText("Palette orchard");
  // What can be done with it comes with the server's answer.
  await expect(page.getByRole("option", { name: /Test Palette orchard/ })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(marked(page)).toContainText("Test Palette orchard");
  await page.keyboard.press("ArrowDown");
  await expect(marked(page)).toContainText("Edit Palette orchard");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings\/connections\//);
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Palette orchard");

  await open(page);
  await page.keyboard.type("test palette orchard");
  await expect(marked(page)).toContainText("Test Palette orchard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Connection steps" })).toBeVisible();
});

test("settings, problems by the words of other programs, providers: Enter leads there; the latest come first", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  const button = page.getByRole("button", { name: "Search and commands" });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(box(page)).toBeFocused();
  await page.keyboard.type("self signed certificate");
  await expect(marked(page)).toContainText("tls-");
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();

  await open(page);
  await page.keyboard.type("preferences");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings\/preferences$/);
  await open(page);
  await expect(marked(page)).toContainText("Preferences");
  await page.keyboard.type("zzzzz");
  await expect(page.getByRole("status").filter({ hasText: "Nothing matches “zzzzz”." })).toBeVisible();
  await box(page).fill("yugabytedb");
  await expect(options(page)).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: /^1 result$/ })).toBeAttached();
  await box(page).fill("neon");
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    page.keyboard.press("Control+Enter"),
  ]);
  await expect(tab).toHaveURL(/\/help\/providers\/neon/);
  await tab.close();

  await open(page);
  await page.keyboard.type("theme: dark");
  // It is seen before it is kept.
  const kept = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await kept;
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await open(page);
  await page.keyboard.type("theme: system");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "system");
});

test("the palette is as everything else: contrast, names, widths; and leaves nothing behind", async ({
  page,
  consoleServer,
}) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  await open(page);
  expect([...(await look(page)), ...(await overflows(page, "the palette"))]).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.locator("dialog [role=combobox]")).toHaveCount(0);
});

test("? lists the keys of the page, and each of them works", async ({ page, consoleServer }) => {
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections`);
  await page.getByRole("heading", { name: "Connections", exact: true }).click();
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  const keys = dialog.getByRole("term");
  await expect(keys).toHaveText(["Ctrl+K", "?", "/", "Ctrl+V", "F6"]);
  expect(await look(page)).toEqual([]);
  await dialog.getByRole("checkbox", { name: /^Single-key shortcuts/ }).uncheck();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search connections" })).not.toBeFocused();

  // Switched off they are found in the palette still, and switched on again.
  await open(page);
  await page.keyboard.type("keyboard shortcuts");
  await page.getByRole("option", { name: /^Keyboard shortcuts\s*Action/ }).click();
  await dialog.getByRole("checkbox", { name: /^Single-key shortcuts/ }).check();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "Search connections" })).toBeFocused();
  // In a field they are letters.
  await page.keyboard.type("?/");
  await expect(page.getByRole("searchbox", { name: "Search connections" })).toHaveValue("?/");

  await page.goto(`${consoleServer.url}/connections/new`);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(keys).toHaveText(["Ctrl+K", "?", "Enter", "F6"]);
  await page.keyboard.press("Escape");
  await page.getByRole("textbox", { name: "Host" }).fill("localhost");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").first()).toBeVisible();
});
