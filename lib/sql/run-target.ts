import { parametersOf } from "./parameters-of.ts";
import type { PsqlAnswer, PsqlWords, ShownElsewhere } from "./psql-command.ts";
import { type Span, splitStatements } from "./split-statements.ts";
import { statementAt } from "./statement-at.ts";
import type { LexicalRules } from "./tokens.ts";

/** One thing of a script to be done. */
export type Piece =
  | {
      readonly does: "run";
      /** What is sent, and where it stands in the text; -1 for what the console says instead. */
      readonly sql: string;
      readonly offset: number;
      /** Its first line, for a list. */
      readonly begins: string;
      /** The parameters that the person gives values for. */
      readonly asks: readonly number[];
      /** Values that are known already. */
      readonly values: readonly string[];
      /** Of a command of psql, for what the console has a place of its own. */
      readonly shown?: ShownElsewhere | undefined;
    }
  | {
      readonly does: "say";
      readonly says: PsqlWords;
      readonly begins: string;
      /** What comes after it may depend on it. */
      readonly stops: boolean;
    };

/** Reads a command of psql. What it knows of the catalogue weighs: the page fetches it with the first such command. */
export type PsqlReader = (line: string) => PsqlAnswer;

/** For who wants to know no more than how many pieces there are. */
const unread: PsqlReader = () => ({ does: "say", says: "unknown", stops: true });

/** What is run of a text: exactly what is selected, or the statement that the caret stands in. */
export function runTarget(
  text: string,
  selected: { readonly from: number; readonly to: number },
  rules: LexicalRules,
  read: PsqlReader = unread,
): readonly Piece[] {
  const { from, to } = selected;
  if (from !== to) {
    const part = text.slice(from, to);
    return splitStatements(part, rules).map((span) => pieceOf(part, span, from, { rules, read }));
  }
  const span = statementAt(splitStatements(text, rules), from);
  return span === undefined ? [] : [pieceOf(text, span, 0, { rules, read })];
}

/** All of it, in order. */
export function wholeScript(text: string, rules: LexicalRules, read: PsqlReader = unread): readonly Piece[] {
  return splitStatements(text, rules).map((span) => pieceOf(text, span, 0, { rules, read }));
}

interface Reading {
  readonly rules: LexicalRules;
  readonly read: PsqlReader;
}

function pieceOf(text: string, span: Span, offset: number, { rules, read }: Reading): Piece {
  const begins = text.slice(span.start, span.end).split("\n", 1)[0]?.trim().slice(0, 60) ?? "";
  if (span.kind === "statement") {
    const sql = text.slice(span.from, span.end);
    return {
      does: "run",
      sql,
      offset: offset + span.from,
      begins,
      asks: parametersOf(sql, rules),
      values: [],
    };
  }
  const answer = read(text.slice(span.start, span.end));
  if (answer.does === "say") return { does: "say", says: answer.says, begins, stops: answer.stops };
  const { sql, values, shown } = answer;
  return { does: "run", sql, offset: -1, begins, asks: [], values, shown };
}
