import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { consolePages } from "#tests/support/console-pages.ts";

const root = join(import.meta.dirname, "../../..");

/** Those of one connection are walked by name: each walk needs another state of it. */
const ofConnections = /^\/(connections|settings\/(connections|access))\/\[id\]/;

test("every page of the console stands in the list that the walks go by", () => {
  const routes = readdirSync(join(root, "app/(console)"), { recursive: true, encoding: "utf8" })
    .map((file) => `/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith("/page.tsx"))
    .map((file) => file.slice(0, -"/page.tsx".length))
    .map((route) => route.replace(/\/\([^/]+\)/g, ""))
    .filter((route) => !ofConnections.test(route));
  const isWalked = (route: string) => {
    const pattern = new RegExp(
      `^${route.replace(/\[\.\.\.[^\]]+\]/, ".+").replace(/\[[^\]]+\]/g, "[^/]+")}$`,
    );
    return consolePages.some((path) => pattern.test(path));
  };
  expect(routes.length).toBeGreaterThan(15);
  expect(routes.filter((route) => !isWalked(route))).toEqual([]);
});
