/**
 * Cells as a spreadsheet takes them from the clipboard: tabs between them, lines between rows, quoted where a value holds
 * either. As COPY writes CSV, NULL is nothing and an empty text is `""`, so that they come back as what they were. One
 * cell alone is its bare text.
 */
export function cellsAsTsv(rows: readonly (readonly (string | null)[])[]): string {
  const [first] = rows;
  if (rows.length === 1 && first?.length === 1) return first[0] ?? "";
  return rows.map((row) => row.map(cellAsTsv).join("\t")).join("\n");
}

function cellAsTsv(cell: string | null): string {
  if (cell === null) return "";
  return cell === "" || /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
