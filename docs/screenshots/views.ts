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
      await openTable(page, origin, "order");
    },
  },
  {
    name: "changes",
    async show(page, origin) {
      await openTable(page, origin, "order");
      await expect(page.getByRole("button", { name: "Add row" })).toBeVisible();
      const grid = page.getByRole("grid", { name: "Rows" });
      await grid.focus();
      for (let column = 0; column < 6; column += 1) await page.keyboard.press("ArrowRight");
      await edit(page, "Leave it with the neighbour");
      await page.keyboard.press("ArrowDown");
      await edit(page, "Second try");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Delete");
      await page.keyboard.press("Control+s");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "plan",
    async show(page, origin) {
      await openVerified(page, origin);
      await sqlEditor(page).fill(
        "select c.name, sum(o.total)\nfrom customer c\njoin \"order\" o on o.customer_id = c.id\nwhere o.state = 'returned'\ngroup by c.name order by 2 desc limit 10;",
      );
      await sqlEditor(page).press("Control+Alt+e");
      await expect(page.getByText("Measured", { exact: true })).toBeVisible();
    },
  },
  {
    name: "picture",
    async show(page, origin) {
      await openTable(page, origin, "order");
      await page.getByRole("tab", { name: "Diagram" }).click();
      await expect(page.locator("svg [role=button], svg a, svg g[tabindex]").first()).toBeVisible();
    },
  },
];

async function openVerified(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/connections`);
  await page.getByRole("link", { name: "Verified", exact: true }).first().click();
  await expect(sqlEditor(page)).toBeVisible({ timeout: 20_000 });
}

async function openTable(page: Page, origin: string, name: string): Promise<void> {
  await openVerified(page, origin);
  await page.goto(`${page.url().replace(/\/sql.*/, "")}/t/public/${name}`);
  await expect(page.getByRole("grid", { name: "Rows" })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("status", { name: "Position" })).toContainText("of");
}

/** Writes into the cell that is active. */
async function edit(page: Page, text: string): Promise<void> {
  await page.keyboard.press("F2");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}
