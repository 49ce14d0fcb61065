import { type LexicalRules, tokens, usualRules } from "./tokens.ts";

export type Risk = "update-all" | "delete-all" | "truncate" | "drop";

/**
 * What a statement says that people seldom mean on Production: UPDATE or DELETE without WHERE, also in a WITH, TRUNCATE,
 * DROP. Advice by words alone: a function that deletes is not seen.
 */
export function riskyWords(statement: string, rules: LexicalRules = usualRules): readonly Risk[] {
  const risks = new Set<Risk>();
  const frames: Frame[] = [{ all: undefined, isWith: false, isAtHead: true }];
  let first: string | undefined;
  let before = "";
  for (const { kind, start, end } of tokens(statement, rules)) {
    if (kind === "comment") continue;
    const said = kind === "word" || kind === "sign" ? statement.slice(start, end).toLowerCase() : "";
    const frame = frames.at(-1);
    if (frame === undefined) break;
    if (said === "(") {
      frames.push({ all: undefined, isWith: false, isAtHead: true });
    } else if (said === ")") {
      // The last one is the statement's own.
      if (frames.length > 1) note(risks, frames.pop());
      const outer = frames.at(-1);
      // After the list of a WITH, or the options of EXPLAIN, a statement begins.
      if (outer !== undefined) outer.isAtHead = outer.isWith || first === "explain";
      before = said;
      continue;
    } else {
      if (first === undefined && (said === "truncate" || said === "drop")) risks.add(said);
      first ??= said;
      if (frame.isAtHead && (said === "update" || said === "delete")) frame.all = `${said}-all`;
      if (frame.isAtHead && said === "with") frame.isWith = true;
      if (said === "where") frame.all = undefined;
      if (frames.length === 1 && first === "alter" && before === "drop" && !kept.has(said)) risks.add("drop");
      frame.isAtHead = first === "explain" && frames.length === 1 && explainWords.has(said);
    }
    before = said;
  }
  for (const frame of frames) note(risks, frame);
  return [...risks];
}

interface Frame {
  all: Risk | undefined;
  isWith: boolean;
  /** A statement may begin here. */
  isAtHead: boolean;
}

const explainWords = new Set(["explain", "analyze", "analyse", "verbose"]);
/** What ALTER … DROP takes away without losing rows. */
const kept = new Set(["not", "default", "expression", "identity", "constraint"]);

function note(risks: Set<Risk>, frame: Frame | undefined): void {
  if (frame?.all !== undefined) risks.add(frame.all);
}
