import { type LexicalRules, tokens, usualRules } from "./tokens.ts";

/**
 * The numbers of the parameters that a statement asks values for, in order and once each. In PREPARE and in the body of a
 * function `$1` is somebody else's.
 */
export function parametersOf(statement: string, rules: LexicalRules = usualRules): readonly number[] {
  const numbers = new Set<number>();
  const first: string[] = [];
  for (const { kind, start, end } of tokens(statement, rules)) {
    if (kind === "word" && first.length < 4) first.push(statement.slice(start, end).toLowerCase());
    // `$1a` is a misspelling that the server is to tell of, and no parameter has ten digits.
    if (kind !== "parameter" || end - start > 6) continue;
    const number = Number(statement.slice(start + 1, end));
    if (Number.isInteger(number) && number > 0) numbers.add(number);
  }
  return hasOwnParameters(first) ? [] : [...numbers].sort((a, b) => a - b);
}

function hasOwnParameters(first: readonly string[]): boolean {
  if (first[0] === "prepare") return true;
  const kind = first[1] === "or" && first[2] === "replace" ? first[3] : first[1];
  return first[0] === "create" && (kind === "function" || kind === "procedure");
}
