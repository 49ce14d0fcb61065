import { describe, expect, test } from "vitest";
import { arrangeList, pageOfList, tlsStateOf } from "#app/(console)/connections/list/arrange-list.ts";
import { connectionsQuery, favouritesSection } from "#app/(console)/connections/list/connections-query.ts";
import type { Seen } from "#lib/saved/last-seen.ts";

const now = Date.parse("2026-03-01T00:00:00Z");
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();
const seen = (more: Partial<Seen> & { readonly days?: number } = {}): Seen => {
  const { days, ...rest } = more;
  return {
    at: inDays(-1),
    verified: "full",
    encrypted: true,
    protocol: "TLSv1.3",
    notAfter: days === undefined ? null : inDays(days),
    serverVersion: "18.4",
    problem: null,
    ...rest,
  };
};

/** In the order of their names. */
const all = [
  { id: "a", name: "Archive", host: "Z.example.test", environment: "none" },
  { id: "b", name: "Billing", host: "b.example.test", environment: "production" },
  { id: "c", name: "Cart", host: "a.example.test", environment: "staging" },
  { id: "d", name: "Depot", host: "c.example.test", environment: "development" },
  { id: "e", name: "Edge", host: "a.example.test", environment: "production" },
] as const;
const notes = new Map<string, Seen>([
  ["a", seen({ days: 400, verified: "pinned", at: inDays(-9) })],
  ["b", seen({ days: 3, problem: "tls-expired", verified: null })],
  ["c", seen({ days: -2, verified: "none", at: inDays(-3) })],
  ["d", seen({ encrypted: false, verified: null, at: inDays(-2) })],
]);

function arranged(
  asked: Record<string, string | string[]>,
  labels: Record<string, { group?: string; tags?: string[] }> = {},
  favourites: readonly string[] = [],
) {
  return arrangeList(all, connectionsQuery(asked), {
    seen: notes,
    labels: new Map(Object.entries(labels)),
    favourites: new Set(favourites),
    now,
  });
}
const ids = (sections: ReturnType<typeof arranged>) =>
  sections.map(({ rows }) => rows.map(({ id }) => id).join("")).join("|");

describe("the order", () => {
  test.each([
    ["", "abcde"],
    ["name", "abcde"],
    ["-name", "edcba"],
    ["host", "cebda"],
    ["-host", "adbce"],
    // Production first; what is in none comes last, either way.
    ["environment", "becda"],
    ["-environment", "dcbea"],
    // Failed, plain, not verified, pinned; never tried last.
    ["tls", "bdcae"],
    ["-tls", "acdbe"],
    // Soonest first; of d and e no certificate was seen.
    ["days", "cbade"],
    ["-days", "abcde"],
    ["tried", "acdbe"],
    ["-tried", "bdcae"],
  ])("by %j is %s", (sort, expected) => {
    expect(ids(arranged({ sort }))).toBe(expected);
  });
});

describe("what is left", () => {
  const labels = { a: { group: "Till", tags: ["old"] }, b: { tags: ["old", "eu"] }, c: { group: "Till" } };
  test.each([
    [{ env: "production" }, "be"],
    [{ env: "none" }, "a"],
    [{ tls: "failed" }, "b"],
    [{ tls: "plain" }, "d"],
    [{ tls: "none" }, "c"],
    [{ tls: "never" }, "e"],
    [{ tls: "full" }, ""],
    [{ expiring: "1" }, "bc"],
    [{ tag: "old" }, "ab"],
    [{ tag: "gone" }, ""],
    [{ group: "Till" }, "ac"],
    [{ group: " " }, "bde"],
    [{ group: "Till", env: "staging" }, "c"],
  ])("of %j is %s", (asked, expected) => {
    const rows = arranged(asked, labels).flatMap((section) => section.rows);
    expect(
      rows
        .map(({ id }) => id)
        .sort()
        .join(""),
    ).toBe(expected);
  });
});

describe("sections", () => {
  test("are none where nothing is in a group or a favourite", () => {
    expect(arranged({}).map(({ kind }) => kind)).toEqual(["all"]);
    expect(arranged({}, { a: { tags: ["old"] } }).map(({ kind }) => kind)).toEqual(["all"]);
  });

  test("favourites first, each once; groups by name, as people count; what is in none last", () => {
    const sections = arranged(
      {},
      { a: { group: "Zone 10" }, c: { group: "Zone 2" }, d: { group: "Zone 2" } },
      ["d", "e"],
    );
    expect(sections.map(({ kind, name }) => [kind, name])).toEqual([
      ["favourites", ""],
      ["group", "Zone 2"],
      ["group", "Zone 10"],
      ["rest", ""],
    ]);
    expect(ids(sections)).toBe("de|c|a|b");
  });

  test("each in the order that is asked for, folded as the address says", () => {
    const sections = arranged(
      { sort: "-name", fold: ["Till", favouritesSection] },
      { a: { group: "Till" } },
      ["b"],
    );
    expect(ids(sections)).toBe("b|a|edc");
    expect(sections.map(({ folded }) => folded)).toEqual([true, true, false]);
  });

  test("one that shows a favourite of a stranger's makes no section of it", () => {
    expect(arranged({}, {}, ["elsewhere"]).map(({ kind }) => kind)).toEqual(["all"]);
  });
});

describe("a page", () => {
  const section = (key: string, rows: string, folded = false) => ({
    kind: "group" as const,
    name: key,
    key,
    folded,
    rows: [...rows],
  });
  const lay = (page: ReturnType<typeof pageOfList<string>>) =>
    page.sections.map(({ key, rows, count }) => `${key}/${count}:${rows.join("")}`).join(" ");

  test.each([
    [1, "A/3:abc B/4:d"],
    [2, "B/4:efg C/0: D/2:h"],
    [3, "D/2:i"],
    // A later one than there is: the last.
    [9, "D/2:i"],
    [0, "A/3:abc B/4:d"],
  ])("%i of sections that are cut", (asked, expected) => {
    const sections = [section("A", "abc"), section("B", "defg"), section("C", "", true), section("D", "hi")];
    expect(lay(pageOfList(sections, asked, 4))).toBe(expected);
  });

  test("counts what is folded as no row, and shows it where its rows would begin", () => {
    const sections = [section("A", "abc", true), section("B", "def"), section("C", "gh", true)];
    const first = pageOfList(sections, 1, 2);
    expect(lay(first)).toBe("A/3: B/3:de");
    expect(first).toMatchObject({ pages: 2, from: 0, shown: 2, open: 3 });
    const last = pageOfList(sections, 2, 2);
    expect(lay(last)).toBe("B/3:f C/2:");
    expect(last).toMatchObject({ from: 2, shown: 1 });
  });

  test("of a list that is folded altogether has all its heads", () => {
    const page = pageOfList([section("A", "abc", true), section("B", "d", true)], 1, 50);
    expect(lay(page)).toBe("A/3: B/1:");
    expect(page).toMatchObject({ page: 1, pages: 1, shown: 0, open: 0 });
  });
});

test.each([
  [undefined, "never"],
  [seen(), "full"],
  [seen({ verified: null }), "none"],
  [seen({ encrypted: false }), "plain"],
  [seen({ problem: "net-refused" }), "failed"],
])("TLS of %j is %s", (note, expected) => {
  expect(tlsStateOf(note)).toBe(expected);
});
