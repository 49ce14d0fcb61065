"use client";

import { useDeferredValue, useMemo } from "react";
import { type Piece, type PsqlReader, runTarget, wholeScript } from "#lib/sql/run-target.ts";
import { splitStatements } from "#lib/sql/split-statements.ts";
import { statementAt } from "#lib/sql/statement-at.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";

export interface Selection {
  readonly from: number;
  readonly to: number;
}

/** What stands in the box, taken apart. */
export interface Statements {
  /** How many there are. */
  readonly count: number;
  /** Every parameter that one of them asks a value for. */
  readonly parameters: readonly number[];
  /** The lines that Ctrl+Enter will run; the selection; or nothing. */
  readonly willRun: { readonly from: number; readonly to: number } | "selection" | undefined;
}

/** Takes the text apart as it is typed; of a long one a little later. */
export function useStatements(text: string, selection: Selection, rules: LexicalRules): Statements {
  const calm = useDeferredValue(text);
  const { spans, parameters } = useMemo(() => {
    // With each key: what no text without the sign can have is not looked for.
    const found = calm.includes("$") ? wholeScript(calm, rules) : [];
    const asked = new Set(found.flatMap((piece) => (piece.does === "run" ? piece.asks : [])));
    return { spans: splitStatements(calm, rules), parameters: [...asked].sort((a, b) => a - b) };
  }, [calm, rules]);
  const span = selection.from === selection.to ? statementAt(spans, selection.from) : undefined;
  const lines = useMemo(
    () => span && { from: lineOf(calm, span.start), to: lineOf(calm, Math.max(span.start, span.end - 1)) },
    [calm, span],
  );
  return {
    count: spans.length,
    parameters,
    willRun: selection.from === selection.to ? lines : "selection",
  };
}

/** What is run now, of the very text that stands there. @param read needed where there are commands of psql */
export function piecesOf(
  what: "target" | "all",
  text: string,
  selection: Selection,
  rules: LexicalRules,
  read?: PsqlReader,
): readonly Piece[] {
  return what === "all" ? wholeScript(text, rules, read) : runTarget(text, selection, rules, read);
}

/** Whether a command of psql is among them. */
export function hasCommands(text: string, rules: LexicalRules): boolean {
  return text.includes("\\") && splitStatements(text, rules).some(({ kind }) => kind !== "statement");
}

function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next !== -1 && next < at; next = text.indexOf("\n", next + 1))
    line += 1;
  return line;
}
