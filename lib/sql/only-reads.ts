import { type LexicalRules, tokens, usualRules } from "./tokens.ts";

/**
 * Whether a statement's words only read: none of it locks or writes, as far as words tell. A function that writes is not
 * seen: this may decide what is convenient, never what is allowed.
 */
export function onlyReads(statement: string, rules: LexicalRules = usualRules): boolean {
  let first: string | undefined;
  for (const { kind, start, end } of tokens(statement, rules)) {
    if (kind !== "word") continue;
    const said = statement.slice(start, end).toLowerCase();
    if (first === undefined && !reading.has(said)) return false;
    first ??= said;
    if (changing.has(said)) return false;
  }
  return first !== undefined;
}

const reading = new Set(["select", "table", "values", "with"]);
/** `update` and `share` also lock: FOR UPDATE, FOR SHARE. */
const changing = new Set(["insert", "update", "delete", "merge", "into", "share"]);
