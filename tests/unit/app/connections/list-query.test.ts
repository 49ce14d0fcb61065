import { expect, test } from "vitest";
import { listQuery } from "#app/(console)/connections/list/list-query.ts";

test.each([
  [{}, { search: "", page: 1 }],
  [
    { search: " shop ", page: "3" },
    { search: "shop", page: 3 },
  ],
  [
    { search: ["one", "two"], page: ["2", "9"] },
    { search: "one", page: 2 },
  ],
  [
    { search: "x".repeat(300), page: "0" },
    { search: "x".repeat(200), page: 1 },
  ],
  [
    { search: [], page: "-4" },
    { search: "", page: 1 },
  ],
  [{ page: "none" }, { search: "", page: 1 }],
])("of %j is asked %j", (asked, expected) => {
  expect(listQuery(asked)).toEqual(expected);
});
