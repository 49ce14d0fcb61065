import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Card, layOut } from "#app/(console)/connections/[id]/table/picture/lay-out.ts";
import { nextCard } from "#app/(console)/connections/[id]/table/picture/next-card.ts";
import type { NearTable, Neighbourhood } from "#lib/browse/neighbourhood.ts";

const table = (id: string, more: Partial<NearTable> = {}): NearTable => ({
  id,
  schema: "public",
  name: `table_${id}`,
  kind: "table",
  steps: id === "0" ? 0 : 1,
  columns: [{ name: "id", type: "bigint", key: true, reference: false, nullable: false }],
  moreColumns: 0,
  ...more,
});
const reference = (from: string, to: string, name = `${from}_${to}_fkey`) => ({
  name,
  from,
  to,
  columns: ["a"],
  foreignColumns: ["id"],
});
const neighbours = (count: number, references: Neighbourhood["references"]): Neighbourhood => ({
  tables: Array.from({ length: count }, (_, at) => table(String(at))),
  references,
  more: false,
});

function overlap(one: Card, other: Card): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

describe("a drawing", () => {
  test("lays what refers left of what it refers to", () => {
    const { cards } = layOut(neighbours(3, [reference("0", "1"), reference("2", "0")]), "public");
    const [middle, right, left] = cards;
    if (middle === undefined || right === undefined || left === undefined) throw new Error("no cards");
    expect(left.x + left.width).toBeLessThan(middle.x);
    expect(middle.x + middle.width).toBeLessThan(right.x);
  });

  test("lays no card over another and everything inside, whatever refers to what", () => {
    const graph = fc.integer({ min: 1, max: 25 }).chain((count) =>
      fc.record({
        count: fc.constant(count),
        // Twice the same, circles and itself among them.
        pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 30 }),
      }),
    );
    fc.assert(
      fc.property(graph, ({ count, pairs }) => {
        const references = pairs.map(([from, to], at) => reference(String(from), String(to), `fk_${at}`));
        const { cards, lines, width, height } = layOut(neighbours(count, references), "public");
        expect(cards).toHaveLength(count);
        expect(lines).toHaveLength(references.length);
        for (const [at, card] of cards.entries()) {
          expect(card.x >= 0 && card.y >= 0).toBe(true);
          expect(card.x + card.width <= width && card.y + card.height <= height).toBe(true);
          for (const other of cards.slice(at + 1)) expect(overlap(card, other)).toBe(false);
        }
        for (const { path } of lines) expect(path).toMatch(/^M[-\d. QL]+$/);
      }),
      { numRuns: 40 },
    );
  });

  test("of the most tables there may be is made in a moment", () => {
    const references = Array.from({ length: 59 }, (_, at) => reference(String(at + 1), String(at % 7)));
    const begun = performance.now();
    layOut(neighbours(60, references), "public");
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  test("cuts long names, and says the schema where it is another one", () => {
    const long = table("0", { schema: "other", name: "x".repeat(60) });
    const [card] = layOut({ tables: [long], references: [], more: false }, "public").cards;
    expect(card?.title).toMatch(/^other\.x+…$/);
    expect(card?.width).toBeLessThan(400);
    const wide = table("0", { name: "表".repeat(60) });
    expect(layOut({ tables: [wide], references: [], more: false }, "public").cards[0]?.title).toBe(
      `${"表".repeat(17)}…`,
    );
  });
});

describe("an arrow key", () => {
  test("leads to the card that lies there, and nowhere where none does", () => {
    const { cards } = layOut(
      neighbours(4, [reference("0", "1"), reference("0", "2"), reference("3", "0")]),
      "public",
    );
    expect(nextCard(cards, "0", "ArrowLeft")?.table.id).toBe("3");
    expect(["1", "2"]).toContain(nextCard(cards, "0", "ArrowRight")?.table.id);
    const upper = nextCard(cards, "2", "ArrowUp") ?? nextCard(cards, "1", "ArrowUp");
    expect(["1", "2"]).toContain(upper?.table.id);
    expect(nextCard(cards, "3", "ArrowLeft")).toBeUndefined();
    expect(nextCard(cards, "0", "a")).toBeUndefined();
    expect(nextCard(cards, "gone", "ArrowUp")).toBeUndefined();
  });
});
