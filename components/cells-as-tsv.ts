/**
 * Cells as a spreadsheet takes them from the clipboard: tabs between them, lines between rows, quoted where a value holds
 * either. One cell alone is its bare text. NULL is empty.
 */
export function cellsAsTsv(rows: readonly (readonly (string | null)[])[]): string {
  const [first] = rows;
  if (rows.length === 1 && first?.length === 1) return first[0] ?? "";
  return rows.map((row) => row.map(cellAsTsv).join("\t")).join("\n");
}

function cellAsTsv(cell: string | null): string {
  if (cell === null) return "";
  return /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
