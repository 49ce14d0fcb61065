import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arrange } from "../../../docs/architecture/arrange.ts";
import { type Graph, layers, neededArrows } from "../../../docs/architecture/layers.ts";
import { housePicture, roomGraph } from "../../../docs/architecture/picture.ts";
import { rooms } from "./rooms.ts";
import { houseFiles } from "./source-files.ts";

const page = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");

const graphOf = (needs: Readonly<Record<string, readonly string[]>>): Graph =>
  new Map(Object.entries(needs).map(([name, all]) => [name, new Set(all)]));

/** Any graph whose arrows go from a later name to an earlier one. */
const anyGraph = fc
  .array(fc.array(fc.nat(11), { maxLength: 5 }), { minLength: 1, maxLength: 12 })
  .map((rows) =>
    graphOf(
      Object.fromEntries(
        rows.map((row, at) => [`r${at}`, at === 0 ? [] : row.map((other) => `r${other % at}`)]),
      ),
    ),
  );

describe("the picture of the house", () => {
  const graph = roomGraph(houseFiles());

  test("docs/architecture.svg is what the imports say now: else run `npm run architecture`", () => {
    expect(page("docs/architecture.svg") === housePicture(graph)).toBe(true);
  });

  test("every room is in it", () => {
    const shown = new Set(graph.keys());
    const missing = rooms.filter(({ path }) => !shown.has(path)).map(({ path }) => path);
    expect(missing.every((path) => /^lib\/[\w-]+\.ts$/.test(path))).toBe(true);
    expect(shown).toContain("the ground");
  });
});

describe("layers", () => {
  test("what needs nothing is the ground, and an arrow that follows from others is left out", () => {
    const graph = graphOf({ door: ["wire", "ground"], wire: ["ground"], ground: [] });
    expect(layers(graph)).toEqual([["ground"], ["wire"], ["door"]]);
    expect(neededArrows(graph)).toEqual([
      { from: "door", to: "wire" },
      { from: "wire", to: "ground" },
    ]);
  });

  test("what only one far above needs stands near it", () => {
    const graph = graphOf({ door: ["wire", "samples"], wire: ["ground"], ground: [], samples: [] });
    expect(layers(graph)).toEqual([["ground"], ["wire", "samples"], ["door"]]);
  });

  test("a circle is named", () => {
    const graph = graphOf({ a: ["b"], b: ["c"], c: ["a"] });
    expect(() => layers(graph)).toThrow("A circle: a → b → c → a");
    expect(() => neededArrows(graph)).toThrow("A circle: a → b → c → a");
  });

  test("whatever the graph, no arrow goes up, and the needed ones lead everywhere that all lead", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const row = new Map(layers(graph).flatMap((names, at) => names.map((name) => [name, at] as const)));
        expect([...row.keys()].sort()).toEqual([...graph.keys()].sort());
        for (const [from, needs] of graph)
          for (const to of needs) expect(row.get(from)).toBeGreaterThan(row.get(to) ?? Number.NaN);
        const arrows = neededArrows(graph);
        const leads = (from: string, to: string): boolean =>
          arrows.some((arrow) => arrow.from === from && (arrow.to === to || leads(arrow.to, to)));
        for (const [from, needs] of graph) for (const to of needs) expect(leads(from, to)).toBe(true);
      }),
    );
  });
});

describe("arrange", () => {
  test("boxes of a row do not touch, all are inside, and arrows only go down", () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const { boxes, arrows, width, height } = arrange(graph, () => 80, 90);
        const places = [...boxes.values()];
        for (const [at, one] of places.entries()) {
          expect(one.x >= 40 && one.x <= width - 40 && one.y > 0 && one.y < height).toBe(true);
          for (const other of places.slice(at + 1))
            expect(one.y !== other.y || Math.abs(one.x - other.x) > 90).toBe(true);
        }
        for (const { points } of arrows)
          for (const [at, point] of points.slice(1).entries())
            expect(point.y).toBeGreaterThan(points[at]?.y ?? Number.NaN);
      }),
      { numRuns: 40 },
    );
  });
});

test("CONTRIBUTING.md's table of rooms is the list of rooms", () => {
  const folder = (path: string) => (path.endsWith(".ts") ? path : `${path}/`);
  const rows = rooms.map(({ path, gives }) => `| \`${folder(path)}\` | ${gives} |`);
  // To renew the table: paste what this prints.
  expect(
    page("CONTRIBUTING.md")
      .split("\n")
      .filter((line) => line.startsWith("| `")),
  ).toEqual(rows);
});
