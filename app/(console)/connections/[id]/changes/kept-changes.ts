import { changesMark } from "#lib/notebook/changes-mark.ts";
import { randomIdForm } from "#lib/random-id.ts";
import type { TableName } from "../place.ts";
import type { PendingChanges, PendingRow } from "./pending-changes.ts";

/** Pending changes as the text of a draft; nothing where there are none. */
export function writeChanges({ schema, table }: TableName, pending: PendingChanges): string {
  if (pending.rows.length === 0) return "";
  return `${changesMark}${JSON.stringify([schema, table])},${JSON.stringify(pending).slice(1)}`;
}

/**
 * Pending changes out of a draft.
 * @returns undefined for a text that is none of this table's: of another version of the console, or by chance another's
 */
export function readChanges({ schema, table }: TableName, text: string): PendingChanges | undefined {
  if (!text.startsWith(changesMark)) return undefined;
  try {
    const { changesOf, ...pending } = JSON.parse(text) as PendingChanges & { changesOf: unknown };
    const isOurs = JSON.stringify(changesOf) === JSON.stringify([schema, table]);
    return isOurs && isPending(pending) ? pending : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name of a table's draft among those of its connection: 30 letters at most, whatever the table is called. Two tables
 * that had the same by chance would be told apart by the text.
 */
export function changesSlot({ schema, table }: TableName): string {
  const name = JSON.stringify([schema, table]);
  return `t${[1, 2, 3, 4].map((seed) => hash(name, seed * 0x9e3779b1).toString(36)).join("")}`;
}

function isPending({ id, columns, key, rows }: PendingChanges): boolean {
  return (
    randomIdForm.test(id) &&
    isTexts(columns) &&
    (key === null || isTexts(key)) &&
    Array.isArray(rows) &&
    rows.every(isRow)
  );
}

function isRow(row: PendingRow): boolean {
  if (typeof row?.name !== "string" || !Array.isArray(row.cells)) return false;
  if (row.kind === "insert") return true;
  return (
    (row.kind === "update" || row.kind === "delete") &&
    typeof row.row === "object" &&
    Array.isArray(row.seen?.values) &&
    Array.isArray(row.seen.cut)
  );
}

function isTexts(given: unknown): boolean {
  return Array.isArray(given) && given.every((text) => typeof text === "string");
}

/** FNV-1a, 32 bits. */
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  }
  return value;
}
