import { type CsvRecord, likelyDelimiter, readCsv } from "#lib/transfer/read-csv.ts";

/** Encodings as the server names them, and as a browser does. */
export const encodings = {
  UTF8: "utf-8",
  WIN1252: "windows-1252",
  LATIN1: "iso-8859-1",
  WIN1250: "windows-1250",
  WIN1251: "windows-1251",
  BIG5: "big5",
  EUC_JP: "euc-jp",
  SJIS: "shift_jis",
  GBK: "gbk",
} as const;
export type FileEncoding = keyof typeof encodings;

/** How a file is read. */
export interface FileRules {
  readonly encoding: FileEncoding;
  readonly delimiter: string;
  readonly quote: '"' | "'";
  readonly header: boolean;
}

/** What an empty value of a column means: as COPY has it, NULL also in quotes, or an empty text also without. */
export type EmptyRule = "copy" | "null" | "text";

/** The beginning of a file, which is all of it that the page keeps. */
export interface ChosenFile {
  readonly file: File;
  readonly start: ArrayBuffer;
}

const startBytes = 256 * 1024;
const previewRecords = 200;

export async function chosenFile(file: File): Promise<ChosenFile> {
  return { file, start: await file.slice(0, startBytes).arrayBuffer() };
}

/** What a file seems to be: its encoding by its bytes, its separator by its first line, its head by the table's names. */
export function likelyRules(chosen: ChosenFile, columns: readonly string[]): FileRules {
  const encoding = isUtf8(chosen.start) ? "UTF8" : "WIN1252";
  const text = decoded(chosen, encoding);
  const delimiter = likelyDelimiter(text, '"');
  const [first] = readCsv(text, { delimiter, quote: '"', most: 1, isWhole: isWhole(chosen) });
  const known = new Set(columns.map((name) => name.toLowerCase()));
  const header = first?.values.some((value) => known.has(value.text.trim().toLowerCase())) ?? false;
  return { encoding, delimiter, quote: '"', header };
}

/** The first records of a file, its head among them, and whether its signs could be read. */
export function preview(
  chosen: ChosenFile,
  { encoding, delimiter, quote }: FileRules,
): { readonly records: readonly CsvRecord[]; readonly garbled: boolean } {
  const text = decoded(chosen, encoding);
  const most = previewRecords + 1;
  return {
    records: readCsv(text, { delimiter, quote, most, isWhole: isWhole(chosen) }),
    garbled: text.includes("\ufffd"),
  };
}

function decoded({ start }: ChosenFile, encoding: FileEncoding): string {
  // What is cut at the end of the beginning is no sign yet.
  return new TextDecoder(encodings[encoding]).decode(start, { stream: true });
}

function isUtf8(start: ArrayBuffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isWhole({ file, start }: ChosenFile): boolean {
  return file.size <= start.byteLength;
}

/** Where a column of the file goes: into one of the table's, nowhere, or nobody has said yet (`""`). */
export type Target = string | null;

/**
 * The table's column for each column of the file: by its name, or in their order where it has no names. One that the
 * server makes by itself takes no value of a file's, so it is left out.
 */
export function likelyColumns(
  first: CsvRecord | undefined,
  header: boolean,
  columns: readonly string[],
  made: readonly string[],
): readonly Target[] {
  const values = first?.values ?? [];
  if (!header) return values.map((_, index) => columns[index] ?? "");
  return values.map(({ text }) => {
    const name = text.trim();
    if (columns.includes(name)) return name;
    if (made.includes(name)) return null;
    return columns.find((one) => one.toLowerCase() === name.toLowerCase()) ?? "";
  });
}
