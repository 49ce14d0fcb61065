import type { ColumnFacts } from "#lib/browse/shapes.ts";

/** What a cell is edited with: chosen among few, or written as the server writes it. */
export type CellKind =
  | { readonly kind: "choice"; readonly choices: readonly string[] }
  | { readonly kind: "json" }
  | {
      readonly kind: "text";
      readonly form: "time" | "date" | "timestamp" | "array" | "bytes" | "range" | null;
    };

export function cellKind({ type, labels }: Pick<ColumnFacts, "type" | "labels">): CellKind {
  // Of an array of an enum, the labels are none of its own.
  if (labels !== null && !type.endsWith("[]")) return { kind: "choice", choices: labels };
  if (type === "boolean") return { kind: "choice", choices: ["t", "f"] };
  if (type === "json" || type === "jsonb") return { kind: "json" };
  if (type.endsWith("[]")) return { kind: "text", form: "array" };
  if (type.startsWith("timestamp")) return { kind: "text", form: "timestamp" };
  if (type === "date") return { kind: "text", form: "date" };
  if (/^time\b/.test(type)) return { kind: "text", form: "time" };
  if (type === "bytea") return { kind: "text", form: "bytes" };
  return { kind: "text", form: /(range|multirange)$/.test(type) ? "range" : null };
}

/** How a text's lines end. A text box knows line feeds only. */
export type LineEnds = "lf" | "crlf" | "mixed";

export function lineEnds(text: string): LineEnds {
  if (!text.includes("\r")) return "lf";
  return /(^|[^\r])\n|\r(?!\n)/.test(text) ? "mixed" : "crlf";
}

/**
 * What is wrong with a text as JSON, by the browser's parser; the server has the last word.
 * @returns undefined where it reads
 */
export function jsonTrouble(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
