import type { Facts, Fix, Problem } from "./problem.ts";

/** A translator over all namespaces: next-intl's `t` without a namespace, or the command line's own. */
export type Translate = (key: string, facts?: Record<string, string>) => string;

export interface ProblemWords {
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
  readonly fixes: readonly { readonly id: string; readonly title: string }[];
}

/**
 * A problem in words: what happened, why, what to do, and a short title for each fix. A fact that this problem
 * does not carry is shown as "?", so that no sentence fails for want of one.
 */
export function problemWords(problem: Problem, translate: Translate): ProblemWords {
  const facts = speakable(problem.facts);
  const say = (part: string) => translate(`problems.${problem.code}.${part}`, facts);
  return {
    title: say("title"),
    cause: say("cause"),
    fix: say("fix"),
    fixes: problem.fixes.map((fix) => ({ id: fix.id, title: fixTitle(fix, translate) })),
  };
}

/** The line to show beside a field of the form: `message` is a key of `material.fields`. */
export function fieldWords(message: string, translate: Translate, facts: Facts = {}): string {
  return translate(`material.fields.${message}`, speakable(facts));
}

function fixTitle(fix: Fix, translate: Translate): string {
  return translate(`fixes.${fix.id}`, speakable(fix.facts ?? {}));
}

/** Every fact that any sentence may name. A test holds the words to this list. */
export const spokenFacts = [
  "belongs",
  "cause",
  "end",
  "firewall",
  "format",
  "found",
  "label",
  "message",
  "line",
  "most",
  "holder",
  "name",
  "named",
  "openssl",
  "parameter",
  "reason",
  "region",
  "said",
  "sent",
  "short",
  "sign",
  "sqlstate",
] as const;

/** Facts that choose between sentences and are not shown. ICU takes no hyphen in such a choice. */
const choosing: ReadonlySet<string> = new Set([
  "belongs",
  "cause",
  "firewall",
  "found",
  "named",
  "parameter",
  "reason",
  "sent",
  "short",
]);

function speakable(facts: Facts): Record<string, string> {
  const spoken: Record<string, string> = Object.fromEntries(spokenFacts.map((name) => [name, "?"]));
  const has = (name: string) => typeof facts[name] === "string" && facts[name] !== "";
  // Whether there is something to name or to quote, for sentences that say it in general otherwise.
  spoken.named = has("name") || has("openssl") ? "yes" : "no";
  spoken.said = has("message") && has("sqlstate") ? "yes" : "no";
  for (const [name, fact] of Object.entries(facts)) {
    const text = Array.isArray(fact) ? fact.join(", ") : fact === null ? "" : String(fact);
    if (text !== "") spoken[name] = choosing.has(name) ? text.replaceAll("-", "_") : text;
  }
  return spoken;
}
