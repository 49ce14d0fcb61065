import { inflateRawSync } from "node:zlib";
import type { FieldDef } from "pg";
import { describe, expect, test } from "vitest";
import { asXlsx, cellSigns } from "#lib/transfer/as-xlsx.ts";

const field = (name: string, dataTypeID: number) => ({ name, dataTypeID }) as FieldDef;

async function entries(
  batches: readonly (readonly (readonly (string | null)[])[])[],
  fields = [field("n", 23), field("t", 25)],
  most?: number,
): Promise<ReadonlyMap<string, string>> {
  async function* all() {
    yield* batches;
  }
  const pieces: Buffer[] = [];
  for await (const piece of asXlsx({ fields, batches: all() }, true, most)) pieces.push(piece);
  return unzipped(Buffer.concat(pieces));
}

/** By the local headers and what stands behind each entry: another way than the directory's, which a spreadsheet takes. */
function unzipped(file: Buffer): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  while (file.readUInt32LE(at) === 0x04034b50) {
    const name = file.toString("utf8", at + 30, at + 30 + file.readUInt16LE(at + 26));
    const data = at + 30 + file.readUInt16LE(at + 26) + file.readUInt16LE(at + 28);
    const end = file.indexOf(Buffer.from("PK\x07\x08"), data);
    expect(file.readUInt32LE(end + 8)).toBe(end - data);
    const text = inflateRawSync(file.subarray(data, end));
    expect(file.readUInt32LE(end + 12)).toBe(text.length);
    found.set(name, text.toString("utf8"));
    at = end + 16;
  }
  return found;
}

const rowsOf = (xml = "") => [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row]) => row);

describe("a workbook", () => {
  test("goes on in another sheet where one is full, each with the names first", async () => {
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => [String(from + index), "x"]);
    for (const [count, sheets] of [
      [0, 1],
      [9, 1],
      [10, 2],
      [27, 3],
      [28, 4],
    ] as const) {
      const book = await entries(
        [batch(0, Math.min(4, count)), batch(4, Math.max(0, count - 4))],
        undefined,
        10,
      );
      const names = [...book.keys()].filter((name) => name.includes("worksheets"));
      expect([count, names.length]).toEqual([count, sheets]);
      const all = names.flatMap((name) => rowsOf(book.get(name)).slice(1));
      expect(all.map((row) => /<v>(\d+)</.exec(row ?? "")?.[1])).toEqual(batch(0, count).map(([n]) => n));
      expect(book.get("xl/workbook.xml")?.match(/<sheet /g)).toHaveLength(sheets);
      expect(book.get("[Content_Types].xml")?.match(/worksheet\+xml/g)).toHaveLength(sheets);
    }
  });

  test("keeps as texts the numbers that a spreadsheet would round, and as numbers those it would not", async () => {
    const numbers = [
      "9007199254740993",
      "123456789012345",
      "1234567890123456",
      "0.1",
      "-5",
      "1e400",
      "NaN",
      "1e+20",
    ];
    const book = await entries([numbers.map((n) => [n, null])], [field("n", 1700), field("t", 25)]);
    const cells = rowsOf(book.get("xl/worksheets/sheet1.xml")).slice(1);
    expect(cells.map((row) => (row?.startsWith("<c><v>") ? "number" : "text"))).toEqual([
      "text",
      "number",
      "text",
      "number",
      "number",
      "text",
      "text",
      "number",
    ]);
  });

  test("takes a text as long as a cell holds, and none that is longer", async () => {
    const book = await entries([[["1", "x".repeat(cellSigns)]]]);
    expect(book.get("xl/worksheets/sheet1.xml")).toContain("x".repeat(cellSigns));
    await expect(entries([[["1", "x".repeat(cellSigns + 1)]]])).rejects.toMatchObject({ why: "cell" });
  });
});
