import { splitStatements } from "#lib/sql/split-statements.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";
import { tokens } from "#lib/sql/tokens.ts";

/** `plan`: what the server would do; `measure`: what it does, by running it. */
export type PlanKind = "plan" | "measure";

/** How a statement is explained. */
export interface Explaining {
  readonly kind: PlanKind;
  /** What a server takes of the options: `optionLevels` from the newest on. */
  readonly level: number;
}

/** Options of EXPLAIN beyond `FORMAT JSON`, the newest first, with the version that brought them. */
const optionLevels: readonly {
  readonly since: number;
  readonly plan: readonly string[];
  readonly measure: readonly string[];
}[] = [
  { since: 17, plan: [], measure: ["serialize text", "memory"] },
  { since: 13, plan: [], measure: ["wal"] },
  { since: 12, plan: ["settings"], measure: [] },
  { since: 10, plan: ["summary", "verbose"], measure: ["buffers"] },
  { since: 0, plan: [], measure: [] },
];

/** The last level asks for nothing but what every EXPLAIN in JSON has. */
export const plainLevel = optionLevels.length - 1;

/** Which options a server is asked for first; relatives say a version, and may not mean it. */
export function firstLevel(serverVersion: string | undefined): number {
  const major = Number.parseInt(serverVersion ?? "", 10);
  if (Number.isNaN(major)) return 0;
  return optionLevels.findIndex(({ since }) => since <= major);
}

/** What stands before the statement. The statement begins in a line of its own, so that its errors are found in it. */
export function explainPrefix({ kind, level }: Explaining): string {
  const taken = optionLevels.slice(level);
  const options = [
    ...(kind === "measure" ? ["analyze", ...taken.flatMap(({ measure }) => measure)] : []),
    ...taken.flatMap(({ plan }) => plan),
    "format json",
  ];
  return `explain (${options.join(", ")})\n`;
}

/** What keeps a text from being explained: keys of `messages/<locale>/plan.json`. */
export type NotExplained = "nothing" | "several" | "command" | "explain" | "kind";

export type PlanTarget =
  | { readonly ok: true; readonly sql: string }
  | { readonly ok: false; readonly why: NotExplained };

/**
 * The one statement of a text, where it is of a kind that has a plan. Told by words, to say what is wrong where that is
 * plain: what may be done is decided by the transaction that it runs in, and by the server, which takes one statement.
 */
export function planTarget(text: string, rules: LexicalRules): PlanTarget {
  const spans = splitStatements(text, rules);
  const [span] = spans;
  if (span === undefined) return { ok: false, why: "nothing" };
  if (spans.length > 1) return { ok: false, why: "several" };
  if (span.kind === "command") return { ok: false, why: "command" };
  const sql = text.slice(span.from, span.end);
  const word = firstWord(sql, rules);
  if (word === "explain") return { ok: false, why: "explain" };
  return kinds.has(word) && !makesTable(sql, rules) ? { ok: true, sql } : { ok: false, why: "kind" };
}

/**
 * What the planner plans. Of CREATE TABLE AS and its like it would plan the query alone, and measure it by making the
 * table: their query has the same plan.
 */
const kinds = new Set(["select", "with", "values", "table", "insert", "update", "delete", "merge"]);

/** `SELECT … INTO t`: an INTO outside of parentheses that is neither INSERT's nor a name. */
function makesTable(sql: string, rules: LexicalRules): boolean {
  let depth = 0;
  let before = "";
  for (const { kind, start, end } of tokens(sql, rules)) {
    if (kind === "comment") continue;
    const said = sql.slice(start, end).toLowerCase();
    if (kind === "sign") depth += said === "(" ? 1 : said === ")" ? -1 : 0;
    if (kind === "word" && said === "into" && depth === 0 && !/^(insert|merge|as|\.)$/.test(before))
      return true;
    before = said;
  }
  return false;
}

/** After what a query may stand in. */
function firstWord(sql: string, rules: LexicalRules): string {
  for (const { kind, start, end } of tokens(sql, rules)) {
    if (kind === "comment" || (kind === "sign" && sql[start] === "(")) continue;
    return kind === "word" ? sql.slice(start, end).toLowerCase() : "";
  }
  return "";
}
