import "@testing-library/jest-dom/vitest";
import { format } from "node:util";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { quickStyle } from "#tests/support/quick-style.ts";

// A busy machine is no mistake of the code: what never comes is missed all the same.
configure({ asyncUtilTimeout: 5000 });

// The editor lays its text out, which needs a browser: here the plain box stays, as before the editor has come.
vi.mock("#components/sql-editor/open-editor.ts", () => ({
  openEditor: () => {
    throw new Error("no layout here");
  },
}));

// With the element's own style alone: there is no other here, but jsdom's.
if (typeof window !== "undefined") window.getComputedStyle = quickStyle;

// jsdom has no top layer, and hides what waits to be shown there. Where it stands is looked at in a browser.
// A test of what the server draws runs without one.
if (typeof HTMLElement !== "undefined") {
  HTMLElement.prototype.showPopover ??= function showPopover(this: HTMLElement) {
    this.removeAttribute("popover");
  };
}

/** React tells its mistakes there: keys that are missing, nesting that HTML does not know, updates nobody waits for. */
const complaints: string[] = [];

beforeEach(() => {
  complaints.length = 0;
  vi.spyOn(console, "error").mockImplementation((...words: unknown[]) => {
    const said = format(...words);
    // jsdom does not know that element of HTML yet.
    if (!said.startsWith("The tag <search> is unrecognized")) complaints.push(said);
  });
});

afterEach(() => {
  cleanup();
  expect(complaints, "console.error was called").toEqual([]);
});
