import { expect, test } from "vitest";
import {
  connectionsPath,
  connectionsQuery,
  filtersSet,
  withoutFilters,
  wordsOfAddress,
} from "#app/(console)/connections/list/connections-query.ts";

const nothing = {
  search: "",
  page: 1,
  sort: undefined,
  environment: undefined,
  tls: undefined,
  expiring: false,
  tag: undefined,
  group: undefined,
  folded: [],
};

test.each([
  [{}, {}],
  [{ sort: "days" }, { sort: { by: "days", down: false } }],
  [{ sort: "-name" }, { sort: { by: "name", down: true } }],
  [{ sort: "password" }, {}],
  [{ sort: "--name" }, {}],
  [
    { env: "production", tls: "failed", expiring: "1" },
    { environment: "production", tls: "failed", expiring: true },
  ],
  [{ env: "else", tls: "", expiring: "yes" }, {}],
  [
    { tag: "till", group: "Payments" },
    { tag: "till", group: "Payments" },
  ],
  [{ tag: "", group: "" }, {}],
  [{ group: " " }, { group: "" }],
  [{ fold: "Payments" }, { folded: ["Payments"] }],
  [{ fold: ["Payments", " "] }, { folded: ["Payments", ""] }],
  [{ fold: Array.from({ length: 300 }, () => "x") }, { folded: Array.from({ length: 100 }, () => "x") }],
  [
    { tag: ["one", "two"], page: "4", search: " shop " },
    { tag: "one", page: 4, search: "shop" },
  ],
])("of %j is asked %j", (asked, expected) => {
  expect(connectionsQuery(asked)).toEqual({ ...nothing, ...expected });
});

test.each([
  ["/connections", {}],
  [
    "/connections?search=shop&sort=-tried&page=2",
    { search: "shop", sort: { by: "tried", down: true }, page: 2 },
  ],
  [
    "/connections?env=staging&tls=ca&expiring=1&tag=a%26b&group=%C3%A9t%C3%A9",
    { environment: "staging", tls: "ca", expiring: true, tag: "a&b", group: "été" },
  ],
  ["/connections?group=+&fold=+&fold=A", { group: "", folded: ["", "A"] }],
] as const)("%s asks that, and is written so", (path, change) => {
  const query = { ...nothing, ...change };
  expect(connectionsPath(query)).toBe(path);
  const words = new URL(path, "http://x").searchParams;
  const asked = Object.fromEntries([...words.keys()].map((name) => [name, words.getAll(name)]));
  expect(connectionsQuery(asked)).toEqual(query);
});

test("filters are counted, and all of them can go", () => {
  const query = connectionsQuery({ env: "none", group: " ", sort: "days", search: "x", page: "3" });
  expect(filtersSet(query)).toBe(2);
  expect(withoutFilters(query)).toEqual({ ...nothing, sort: { by: "days", down: false } });
});

test("an address is taken apart as a page gets it, however often it says a word", () => {
  expect(wordsOfAddress("?search=a+b&fold=x&fold=y&__proto__=z")).toEqual(
    Object.fromEntries([
      ["search", ["a b"]],
      ["fold", ["x", "y"]],
      ["__proto__", ["z"]],
    ]),
  );
  const from = performance.now();
  expect(wordsOfAddress("?".padEnd(20_000, "a&")).a).toHaveLength(10_000);
  // Gathered anew for each of them it took 800 MB and more than a second.
  expect(performance.now() - from).toBeLessThan(500);
});
