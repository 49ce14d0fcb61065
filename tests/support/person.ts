import { expect, type Locator, type Page } from "@playwright/test";
import type { TestConsole } from "./console-server.ts";

/** Who the tests are. */
export const owner = { name: "olive", password: "a lamp, a fig and 3 owls" } as const;

/** Makes the owner on a fresh console, in the browser, through the link that its terminal shows. */
export async function setUp(page: Page, server: TestConsole): Promise<void> {
  // A page that is just starting would lose the token of a link that is opened over it.
  await page.goto("about:blank");
  await page.goto(`${server.url}/setup#token=${server.setupToken()}`);
  await page.getByRole("textbox", { name: "User name" }).fill(owner.name);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Create owner" }).click();
  await page.waitForURL(/\/connections$/);
}

/** Signs in; sets the console up first when nobody has. */
export async function signIn(page: Page, server: TestConsole): Promise<void> {
  await page.goto(`${server.url}/`);
  if (page.url().endsWith("/setup")) return setUp(page, server);
  if (!page.url().includes("/login")) return;
  await page.getByRole("textbox", { name: "User name" }).fill(owner.name);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/connections/);
}

/** Presses Test connection and waits for how it ends: the code of the problem, or "connected". */
export async function testConnection(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Test connection" }).click();
  return outcome(page);
}

/** How the attempt that runs on the form ends. */
export async function outcome(page: Page): Promise<string> {
  const result = page.getByRole("status", { name: "Connection result" });
  const failure = page.getByRole("region", { name: "Connection test" }).getByRole("alert");
  const last = page.getByRole("list", { name: "Connection steps" }).getByRole("listitem").last();
  await expect(failure.or(result.getByText(/^Connected/)).first()).toBeVisible({ timeout: 20_000 });
  if (await failure.first().isVisible())
    return (await failure.first().getAttribute("data-problem")) ?? "no code";
  await expect(last).toContainText("Session");
  return "connected";
}

/** Presses Connect on the form, and saves what it connected with. */
export async function connectAndSave(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: /^Save (connection|changes)$/ }).click();
  // "… not saved." stands there before.
  await expect(page.getByText(/(?<! not) saved\.$/).first()).toBeVisible();
}

/** The editor for statements, once it has taken the place of the plain box. */
export function sqlEditor(page: Page): Locator {
  return page.locator(".cm-content").filter({ visible: true });
}
