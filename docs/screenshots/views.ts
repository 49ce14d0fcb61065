import { expect, type Page } from "@playwright/test";
import { sqlEditor } from "#tests/support/person.ts";

export interface View {
  /** Of its files. */
  readonly name: string;
  /** Leads the page there, from wherever it is. */
  readonly show: (page: Page, origin: string) => Promise<void>;
}

/** What the README shows, in the order in which a person comes to it. */
export const views: readonly View[] = [
  {
    name: "problem",
    async show(page, origin) {
      await page.goto(`${origin}/connections`);
      await page.getByRole("link", { name: "Wrong host name" }).first().click();
      await expect(page.locator("[data-problem=tls-hostname-mismatch]")).toBeVisible({ timeout: 20_000 });
    },
  },
  {
    name: "tls-report",
    async show(page, origin) {
      await openVerified(page, origin);
      await page.getByRole("button", { name: /^TLS/ }).click();
      await expect(page.getByRole("dialog", { name: "TLS report" })).toBeVisible();
    },
  },
  {
    name: "table",
    async show(page, origin) {
      await openVerified(page, origin);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("orde");
      await expect(page.getByRole("treeitem", { name: /\.order$/ })).toBeVisible();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("grid", { name: "Rows" })).toBeVisible();
      await expect(page.getByRole("status", { name: "Position" })).toContainText("of");
    },
  },
  {
    name: "statements",
    async show(page, origin) {
      await openVerified(page, origin);
      await sqlEditor(page).fill(
        'select state, count(*), sum(total)\nfrom "order"\ngroup by state\norder by 2 desc;',
      );
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await expect(page.getByRole("grid", { name: "Result" })).toBeVisible();
    },
  },
];

async function openVerified(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/connections`);
  await page.getByRole("link", { name: "Verified", exact: true }).first().click();
  await expect(sqlEditor(page)).toBeVisible({ timeout: 20_000 });
}
