import type { Page } from "@playwright/test";

/** The widths that every page must fit: a small phone, a phone, a tablet, a desk. */
export const widths = [320, 390, 768, 1440] as const;

/**
 * Measures the page as it stands at every width, as it is and with texts that are 40 % longer.
 * @returns what does not fit, a line each, with the elements that stick out
 */
export async function overflows(page: Page, state: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const measured = await page.evaluate(measure);
    found.push(...measured.map((one) => `${state} at ${width}: ${one}`));
  }
  return found;
}

/** Runs in the page. Texts are put back as they were: React still holds these very nodes. */
function measure(): string[] {
  const original = new Map<Text, string>();

  function lengthen(): void {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node as Text;
      if (text.parentElement?.closest("script, style, textarea") || text.data.trim() === "") continue;
      original.set(text, text.data);
      text.data = text.data.replace(/\S+/g, (word) => word + word.slice(0, Math.ceil(word.length * 0.4)));
    }
  }

  function isCut(element: HTMLElement): boolean {
    for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  }

  /** What sticks out by itself, not by what is inside of it. */
  function culprits(limit: number): string {
    const wide = [...document.body.querySelectorAll<HTMLElement>("*")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > limit + 0.5 && !isCut(element);
    });
    const deepest = wide.filter(
      (element) => !wide.some((other) => other !== element && element.contains(other)),
    );
    const name = (element: HTMLElement) =>
      `${element.tagName.toLowerCase()}.${element.className.toString().split(" ").slice(0, 6).join(".")} "${element.textContent?.trim().slice(0, 30)}"`;
    return deepest.slice(0, 3).map(name).join(" | ");
  }

  function look(what: string): string[] {
    const { scrollWidth } = document.documentElement;
    const lines = scrollWidth > innerWidth ? [`${what} ${scrollWidth} px wide: ${culprits(innerWidth)}`] : [];
    for (const dialog of document.querySelectorAll<HTMLElement>("dialog[open]")) {
      for (const part of [dialog, ...dialog.querySelectorAll<HTMLElement>(":scope > div > div")]) {
        const over = part.scrollWidth - part.clientWidth;
        if (over > 0)
          lines.push(`${what} dialog over by ${over} px: ${culprits(part.getBoundingClientRect().right)}`);
      }
    }
    return lines;
  }

  const asItIs = look("as it is,");
  lengthen();
  const longer = look("40 % longer,");
  for (const [text, data] of original) text.data = data;
  return [...asItIs, ...longer];
}
