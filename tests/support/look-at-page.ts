import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

const looks = [
  { theme: "light", width: 1440 },
  { theme: "light", width: 390 },
  { theme: "dark", width: 1440 },
  { theme: "dark", width: 390 },
] as const;

/**
 * Looks at the page in each theme and width: axe's rules for WCAG 2.2 AA, and no sideways scrolling.
 * @returns what is wrong, a line each
 */
export async function look(page: Page): Promise<readonly string[]> {
  const violations: string[] = [];
  for (const { theme, width } of looks) {
    await page.setViewportSize({ width, height: 900 });
    // Colours fade from one theme to the other; half-way they have too little contrast.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.waitForTimeout(100);
    await page.waitForFunction(
      () => {
        const fades = document.getAnimations().filter((one) => one instanceof CSSTransition);
        return fades.every(({ playState }) => playState !== "running");
      },
      undefined,
      { timeout: 5000 },
    );
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
  return violations;
}
