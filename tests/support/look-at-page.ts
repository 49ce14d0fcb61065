import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** Each theme and each width is judged once: axe takes a second or two for each. */
const looks = [
  { theme: "light", width: 1440, rules: true },
  { theme: "light", width: 390, rules: false },
  { theme: "dark", width: 1440, rules: false },
  { theme: "dark", width: 390, rules: true },
] as const;

/**
 * Looks at the page: axe's rules for WCAG 2.2 AA in both themes and at both widths, and no sideways scrolling in any.
 * @returns what is wrong, a line each
 */
export async function look(page: Page): Promise<readonly string[]> {
  const violations: string[] = [];
  // The framework may send it after the page; one that never comes fails here.
  await page.waitForFunction(() => document.title !== "", undefined, { timeout: 5000 });
  for (const { theme, width, rules } of looks) {
    // High, so that a bar that sticks to the edge covers nothing by chance: a person scrolls, axe does not.
    await page.setViewportSize({ width, height: rules && width < 1000 ? 3600 : 900 });
    // Colours fade from one theme to the other; half-way they have too little contrast.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    // What is half under the header would be judged as cut off.
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.waitForTimeout(100);
    await settled(page);
    const where = `${new URL(page.url()).pathname} ${theme} ${width}`;
    if (rules) violations.push(...(await brokenRules(page)).map((one) => `${where}: ${one}`));
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) violations.push(`${where}: scrolls sideways by ${overflow} px`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return violations;
}

/** Which of axe's rules for WCAG 2.2 AA the page breaks as it stands, and where; a line each. */
export async function brokenRules(page: Page): Promise<readonly string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return violations.map(({ id, nodes }) => {
    const places = nodes.map((node) => node.target.join(" "));
    return `${id}: ${places.slice(0, 3).join(" | ")}`;
  });
}

/** Half-way through a fade colours have too little contrast. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const fades = document.getAnimations().filter((one) => one instanceof CSSTransition);
      return fades.every(({ playState }) => playState !== "running");
    },
    undefined,
    { timeout: 5000 },
  );
}
