/** One value of a file, and whether it stood in quotes: COPY tells NULL from a text by it. */
export interface CsvValue {
  readonly text: string;
  readonly quoted: boolean;
}

export interface CsvRecord {
  /** The line of the file it begins in, from 1. */
  readonly line: number;
  readonly values: readonly CsvValue[];
}

/**
 * The beginning of a file, read as COPY reads CSV (CopyReadLineText, CopyReadAttributesCSV): quotes may begin anywhere in a
 * value, a doubled quote stands for itself, line ends within quotes belong to the value. For what is shown before an import;
 * the server reads the file itself.
 * @param isWhole the text is all there is; else a record that is not ended is left out
 */
export function readCsv(
  text: string,
  {
    delimiter,
    quote,
    most,
    isWhole,
  }: { readonly delimiter: string; readonly quote: string; readonly most: number; readonly isWhole: boolean },
): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let values: CsvValue[] = [];
  let value = "";
  let quoted = false;
  let inQuotes = false;
  let line = 1;
  let begins = 1;
  let at = 0;

  const endValue = () => {
    values.push({ text: value, quoted });
    value = "";
    quoted = false;
  };
  const endRecord = () => {
    endValue();
    records.push({ line: begins, values });
    values = [];
  };

  while (at < text.length && records.length < most) {
    const sign = text[at] ?? "";
    if (inQuotes) {
      if (sign === quote && text[at + 1] === quote) {
        value += quote;
        at += 2;
        continue;
      }
      if (sign === quote) inQuotes = false;
      else {
        value += sign;
        if (sign === "\n") line += 1;
      }
    } else if (sign === quote) {
      inQuotes = true;
      quoted = true;
    } else if (sign === delimiter) endValue();
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[at + 1] === "\n") at += 1;
      endRecord();
      line += 1;
      begins = line;
    } else value += sign;
    at += 1;
  }
  const isOpen = values.length > 0 || value !== "" || quoted;
  if (isOpen && isWhole && records.length < most) endRecord();
  return records;
}

/** The delimiter that the first line has most of, outside of quotes. */
export function likelyDelimiter(text: string, quote: string): string {
  const first = readCsv(text, { delimiter: "\n", quote, most: 1, isWhole: true });
  const line = first[0]?.values[0]?.text ?? "";
  const counts = [",", ";", "\t", "|"].map((sign) => ({ sign, count: line.split(sign).length - 1 }));
  const best = counts.reduce((before, one) => (one.count > before.count ? one : before));
  return best.count === 0 ? "," : best.sign;
}
