import { formatDialect, postgresql } from "sql-formatter";
import { sameTokens } from "#lib/sql/same-tokens.ts";
import { splitStatements } from "#lib/sql/split-statements.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";

/**
 * Sets the statements of a script in lines. Only white space changes: where the formatter's result would say anything
 * else to the server, or it does not know what it reads, a statement stays as it is.
 * @returns the text, and how many statements were left as they are
 */
export function formatSql(
  text: string,
  rules: LexicalRules,
): { readonly text: string; readonly left: number } {
  let [made, at, left] = ["", 0, 0];
  for (const { kind, from, end, open } of splitStatements(text, rules)) {
    if (kind === "command") continue;
    const before = text.slice(from, end);
    const after = open ? undefined : formatted(before, rules);
    if (after === undefined) left += 1;
    made += text.slice(at, from) + (after ?? before);
    at = end;
  }
  return { text: made + text.slice(at), left };
}

function formatted(statement: string, rules: LexicalRules): string | undefined {
  try {
    const text = formatDialect(statement, { dialect: postgresql, keywordCase: "preserve" });
    return sameTokens(statement, text, rules) ? text : undefined;
  } catch {
    return undefined;
  }
}
