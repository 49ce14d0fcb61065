import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { helpPages, ownFolders } from "../../../docs/pages/help-pages.ts";

const root = path.join(import.meta.dirname, "../../..");
const pages = helpPages();

test("the help pages in docs/ are what the console says now: else run `npm run docs`", () => {
  const stale = [...pages].filter(([file, text]) => {
    const at = path.join(root, file);
    return !existsSync(at) || readFileSync(at, "utf8") !== text;
  });
  expect(stale.map(([file]) => file)).toEqual([]);
});

test("docs/ keeps no page of what is gone", () => {
  const kept = ownFolders.flatMap((folder) =>
    readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`),
  );
  expect(kept.filter((file) => !pages.has(file))).toEqual([]);
});

test("every link of a page leads to a page, and no place in a sentence is left unfilled", () => {
  const wrong = [...pages].flatMap(([file, text]) => {
    const links = [...text.matchAll(/\]\(((?!https?:)[^)#]+)(?:#[^)]*)?\)/g)].map((match) =>
      path.posix.join(path.posix.dirname(file), match[1] ?? ""),
    );
    return links.filter((link) => !pages.has(link)).map((link) => `${file}: ${link}`);
  });
  expect(wrong).toEqual([]);
});
