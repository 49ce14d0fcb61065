import "server-only";
import { isPlainNumber, type RowSource, type ValueKind, valueKind } from "./row-source.ts";
import { TransferStop } from "./transfer-stop.ts";
import { ZipWriter } from "./zip-writer.ts";

/** What a sheet and a cell can hold (Excel specifications and limits). */
const sheetRows = 1_048_576;
export const cellSigns = 32_767;

/**
 * A workbook (ECMA-376), written as the rows come. What is more than a sheet holds goes on in another one. Numbers that a
 * spreadsheet would round, and everything that it would take for something else, are texts. A value that is too long for a
 * cell ends the file as a failed one: it is never cut.
 * @param mostRows of a sheet; a test asks for fewer
 * @throws TransferStop
 */
export async function* asXlsx(
  source: RowSource,
  header: boolean,
  mostRows = sheetRows,
): AsyncGenerator<Buffer, void, void> {
  const zip = new ZipWriter();
  const sheets = sheetsOf(source, header, mostRows);
  let count = 0;
  try {
    for await (const sheet of sheets) {
      count += 1;
      yield* zip.entry(`xl/worksheets/sheet${count}.xml`, sheet);
    }
    for (const [name, text] of Object.entries(frame(count))) yield* zip.entry(name, [text]);
    yield zip.end();
  } catch (error) {
    throw error instanceof RangeError ? new TransferStop("size") : error;
  }
}

/** The texts of one sheet after another: each is read to its end before the next is asked for. */
async function* sheetsOf(
  { fields, batches }: RowSource,
  header: boolean,
  mostRows: number,
): AsyncGenerator<AsyncGenerator<string, void, void>, void, void> {
  const kinds = fields.map(valueKind);
  const names = header
    ? [
        rowOf(
          fields.map(({ name }) => name),
          fields.map(() => "text"),
        ),
      ]
    : [];
  const rows = batches[Symbol.asyncIterator]();
  let left: readonly (readonly (string | null)[])[] = [];
  let isOver = false;

  async function* sheet(): AsyncGenerator<string, void, void> {
    yield `${xml}<worksheet xmlns="${main}"><sheetData>${names.join("")}`;
    let room = mostRows - names.length;
    while (room > 0) {
      if (left.length === 0) {
        const next = await rows.next();
        if (next.done) {
          isOver = true;
          break;
        }
        left = next.value as typeof left;
      }
      const taken = left.slice(0, room);
      left = left.slice(room);
      room -= taken.length;
      yield taken.map((row) => rowOf(row, kinds)).join("");
    }
    yield "</sheetData></worksheet>";
  }

  do {
    yield sheet();
    if (left.length === 0 && !isOver) {
      const next = await rows.next();
      if (next.done) isOver = true;
      else left = next.value as typeof left;
    }
  } while (!isOver || left.length > 0);
}

function rowOf(values: readonly (string | null)[], kinds: readonly ValueKind[]): string {
  return `<row>${values.map((value, index) => cell(value, kinds[index] ?? "text")).join("")}</row>`;
}

function cell(value: string | null, kind: ValueKind): string {
  if (value === null) return "<c/>";
  if (kind === "number" && isExact(value)) return `<c><v>${value}</v></c>`;
  if (kind === "boolean") return `<c t="b"><v>${value === "t" ? 1 : 0}</v></c>`;
  if (value.length > cellSigns) throw new TransferStop("cell");
  return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(value)}</t></is></c>`;
}

/** Fifteen digits are what a spreadsheet keeps; integers beyond 2^53 are longer. */
function isExact(text: string): boolean {
  if (!isPlainNumber(text)) return false;
  const digits = text.replace(/e.*$/i, "").replace(/[-.]/g, "").replace(/^0+/, "");
  return digits.length <= 15 && Number.isFinite(Number(text));
}

/** What XML cannot hold is written `_xHHHH_`, which is also how a reader takes that text itself (ECMA-376, ST_Xstring). */
function xmlText(text: string): string {
  return text
    .replace(/_x[0-9A-Fa-f]{4}_/g, (found) => `_x005F${found}`)
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      /[\x00-\x08\x0b-\x1f\ufffe\uffff]/g,
      (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";

function frame(count: number): Readonly<Record<string, string>> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const overrides = numbers.map(
    (number) =>
      `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${types}.worksheet+xml"/>`,
  );
  const sheets = numbers.map(
    (number) => `<sheet name="Sheet${number}" sheetId="${number}" r:id="rId${number}"/>`,
  );
  const relations = numbers.map(
    (number) =>
      `<Relationship Id="rId${number}" Type="${office}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
  );
  return {
    "xl/workbook.xml": `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${xml}<Relationships xmlns="${packages}/relationships">${relations.join("")}</Relationships>`,
    "_rels/.rels": `${xml}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "[Content_Types].xml": `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${overrides.join("")}</Types>`,
  };
}
