import type { Page } from "@playwright/test";

/** What a page is to look like when it is done. */
export type Shown =
  /** The first line of text of what a selector finds. */
  | { readonly selector: string; readonly text: string }
  /** So many of them, at least. */
  | { readonly selector: string; readonly count: number };

/**
 * From the first press of a key or a button, as the browser stamped it, to the frame in which the page looks so has been
 * painted, ms: the page's own clock, so that what drives the browser takes no part in it.
 */
export async function painted(page: Page, shown: Shown, act: () => Promise<unknown>): Promise<number> {
  // In place before the press is sent: what is sent to a page by two ways may come in another order.
  await page.evaluate((wanted) => {
    const measured = new Promise<number>((resolve) => {
      let begun: number | undefined;
      const begin = ({ timeStamp }: Event) => {
        begun ??= timeStamp;
      };
      for (const type of ["pointerdown", "keydown"])
        addEventListener(type, begin, { capture: true, once: true });
      const isThere = () => {
        const found = [...document.querySelectorAll(wanted.selector)];
        return "count" in wanted
          ? found.length >= wanted.count
          : found.some(({ textContent }) => textContent?.includes(wanted.text));
      };
      const look = () => {
        if (begun === undefined || !isThere()) {
          requestAnimationFrame(look);
          return;
        }
        const from = begun;
        // A task after a frame's callbacks runs when that frame has been painted.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
      };
      requestAnimationFrame(look);
    });
    Object.assign(window, { benchPainted: measured });
  }, shown);
  await act();
  return page.evaluate(() => (window as unknown as { benchPainted: Promise<number> }).benchPainted);
}

/** From each key, as the browser stamped it, to the frame with its sign, ms. */
export async function keysToSigns(page: Page, text: string, pauseMs = 30): Promise<readonly number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { benchKeys: times });
    addEventListener(
      "keydown",
      ({ timeStamp }) => {
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - timeStamp)));
      },
      { capture: true },
    );
  });
  await page.keyboard.type(text, { delay: pauseMs });
  await page.waitForTimeout(200);
  return page.evaluate(() => (window as unknown as { benchKeys: number[] }).benchKeys);
}

/** Bytes of scripts on the wire, headers counted, that the page has fetched by now. */
export function scriptBytes(page: Page): Promise<number> {
  return page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter(({ name }) => /\.js(\?|$)/.test(name))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
  );
}
