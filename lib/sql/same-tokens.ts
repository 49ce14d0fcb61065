import { type LexicalRules, type Token, tokens, usualRules } from "./tokens.ts";

/** Whether two texts say the same to the server: what stands between their words may differ, and nothing else. */
export function sameTokens(before: string, after: string, rules: LexicalRules = usualRules): boolean {
  const [left, right] = [said(before, rules), said(after, rules)];
  for (;;) {
    const [a, b] = [left.next(), right.next()];
    if (a.done === true || b.done === true) return a.done === b.done;
    if (a.value !== b.value) return false;
  }
}

/** Each word and operator as it is written; of comments what they say. */
function* said(text: string, rules: LexicalRules): Generator<string> {
  let run: { readonly start: number; end: number } | undefined;
  for (const token of tokens(text, rules)) {
    if (isOperator(text, token)) {
      if (run?.end === token.start) run.end = token.end;
      else {
        if (run !== undefined) yield* operators(text.slice(run.start, run.end));
        run = { start: token.start, end: token.end };
      }
      continue;
    }
    if (run !== undefined) yield* operators(text.slice(run.start, run.end));
    run = undefined;
    const raw = text.slice(token.start, token.end);
    yield token.kind === "comment" ? raw.replace(/\s+/g, " ").trim() : raw;
  }
  if (run !== undefined) yield* operators(text.slice(run.start, run.end));
}

function isOperator(text: string, { kind, start }: Token): boolean {
  return kind === "sign" && "~!@#^&|`?+-*/%<>=:".includes(text.charAt(start));
}

/** By the server's rule an operator ends in `+` or `-` only if it holds a sign that the standard has not: `=-1` is `= -1`. */
function operators(run: string): readonly string[] {
  const own = /^(.*?)([+-]*)$/s.exec(run);
  const [core = run, signs = ""] = [own?.[1], own?.[2]];
  if (signs === "" || core === "" || /[~!@#%^&|`?]/.test(core)) return core === "" ? [...signs] : [run];
  return [core, ...signs];
}
