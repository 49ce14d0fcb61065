import "server-only";
import { type RowSource, valueKind } from "./row-source.ts";

export interface CsvOptions {
  readonly delimiter: string;
  readonly header: boolean;
  readonly nullText: string;
  /** An apostrophe before what a spreadsheet would take for a formula. */
  readonly guardFormulas: boolean;
}

/**
 * Rows as the server's own COPY would write them (CopyAttributeOutCSV): for statements that it does not take, and for what
 * it does not do.
 */
export async function* asCsv(source: RowSource, options: CsvOptions): AsyncGenerator<Buffer, void, void> {
  const { fields, batches } = source;
  const write = csvLine(options, fields.length === 1);
  const isText = fields.map((field) => valueKind(field) === "text" || valueKind(field) === "json");
  const guarded = (text: string) => (options.guardFormulas && formula.test(text) ? `'${text}` : text);
  if (options.header) yield Buffer.from(write(fields.map(({ name }) => guarded(name))));
  for await (const rows of batches) {
    let text = "";
    for (const row of rows) {
      text += write(
        row.map((value, index) => (value === null || !isText[index] ? (value ?? null) : guarded(value))),
      );
    }
    yield Buffer.from(text);
  }
}

/** As OWASP lists them under CSV injection; wide signs are the same where a spreadsheet's language writes them so. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

function csvLine(
  { delimiter, nullText }: CsvOptions,
  isAlone: boolean,
): (values: readonly (string | null)[]) => string {
  const needsQuotes = (value: string) =>
    value === nullText ||
    (isAlone && value === "\\.") ||
    value.includes(delimiter) ||
    value.includes('"') ||
    value.includes("\n") ||
    value.includes("\r");
  return (values) =>
    `${values
      .map((value) =>
        value === null ? nullText : needsQuotes(value) ? `"${value.replaceAll('"', '""')}"` : value,
      )
      .join(delimiter)}\n`;
}
