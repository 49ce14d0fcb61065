import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { demoUser } from "#lib/samples/demo-servers.ts";
import { signIn } from "#tests/support/person.ts";
import { expect, test } from "#tests/support/sample-servers.ts";

const looks = [
  { theme: "light", width: 1440 },
  { theme: "light", width: 390 },
  { theme: "dark", width: 1440 },
  { theme: "dark", width: 390 },
] as const;

test("every page is accessible and fits, in light and dark, wide and narrow", async ({
  page,
  consoleServer,
  servers,
}) => {
  test.setTimeout(180_000);
  const violations: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") violations.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => violations.push(`${page.url()}: ${error.message}`));

  await page.goto(`${consoleServer.url}/`);
  await look(page, violations);
  await signIn(page, consoleServer);
  await page.goto(`${consoleServer.url}/connections/new`);
  await page
    .getByRole("textbox", { name: "Connection string" })
    .fill(
      `postgres://${demoUser.user}:${demoUser.password}@localhost:${servers.verified.port}/shop?sslmode=require`,
    );
  await page.getByRole("textbox", { name: "Name" }).fill("Looked at");
  await look(page, violations);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: /^TLS/ })).toBeVisible();
  await page.getByRole("textbox", { name: "SQL" }).fill("select * from generate_series(1, 300) as n");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Result" })).toBeVisible();
  await look(page, violations);
  await page.getByRole("button", { name: /^TLS/ }).click();
  await expect(page.getByRole("dialog", { name: "TLS report" })).toBeVisible();
  await look(page, violations);
  for (const path of [
    "/connections",
    "/settings",
    "/help/problems",
    "/help/providers",
    "/help/providers/aurora-dsql",
  ]) {
    await page.goto(`${consoleServer.url}${path}`);
    await look(page, violations);
  }
  expect(violations).toEqual([]);
});

/** Looks at the page in each theme and width: axe's rules for WCAG 2.2 AA, and no sideways scrolling. */
async function look(page: Page, violations: string[]): Promise<void> {
  for (const { theme, width } of looks) {
    await page.setViewportSize({ width, height: 900 });
    // Colours fade from one theme to the other; half-way they have too little contrast.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.waitForTimeout(100);
    const where = `${new URL(page.url()).pathname} ${theme} ${width}`;
    const { violations: found } = await new AxeBuilder({ page })
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
      .analyze();
    for (const { id, nodes } of found) {
      violations.push(
        `${where}: ${id}: ${nodes
          .map((node) => node.target.join(" "))
          .slice(0, 3)
          .join(" | ")}`,
      );
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) violations.push(`${where}: scrolls sideways by ${overflow} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
