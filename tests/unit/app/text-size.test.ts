import { describe, expect, test } from "vitest";
import { sourceFiles } from "../house/source-files.ts";

const files = sourceFiles("app", "components").filter(({ path }) => path.endsWith(".tsx"));

/** Counters, keys and marks, by the file they stand in. */
const mini: ReadonlySet<string> = new Set([
  "app/(console)/connections/[id]/key-line.tsx",
  "app/(console)/connections/[id]/panes.tsx",
  "app/(console)/user-menu.tsx",
  "components/data-grid-head.tsx",
  "components/data-grid-row.tsx",
]);
/** A drawing that is zoomed has sizes of its own. */
const drawings: ReadonlySet<string> = new Set(["app/(console)/connections/[id]/table/picture/drawing.tsx"]);

describe("text that is read is at least 13 px", () => {
  test("small text is for counters, keys and marks", () => {
    const small = files.filter(({ text }) => /\btext-mini\b/.test(text)).map(({ path }) => path);
    expect(small.filter((path) => !mini.has(path))).toEqual([]);
    expect([...mini].filter((path) => !small.includes(path))).toEqual([]);
  });

  test("no file has a smaller size of its own", () => {
    const wrong = files
      .filter(({ path }) => !drawings.has(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\btext-\[([\d.]+)(rem|px)\]/g)]
          .filter(([, size, unit]) => Number(size) * (unit === "rem" ? 16 : 1) < 13)
          .map(([found]) => `${path}: ${found}`),
      );
    expect(wrong).toEqual([]);
  });
});
