import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import type { ExitCode, Io } from "./io.ts";
import { say } from "./words.ts";

/** A problem in words on standard error: what happened, why, what to do. */
export function sayProblem(found: Problem, io: Io): ExitCode {
  const words = problemWords(found, say);
  const cause = [words.cause, ...wrongSettings(found).map((line) => `  ${line}`)].join("\n");
  io.err(`${words.title} [${found.code}]\n${cause}\n${say("cli.check.whatToDo", { fix: words.fix })}`);
  return 1;
}

/** The same, with its facts a line each: what a person on the host needs to find the place. */
export function sayProblemWithFacts(found: Problem, io: Io): ExitCode {
  sayProblem(found, io);
  for (const [name, fact] of Object.entries(found.facts)) io.err(`  ${name}: ${fact}`);
  return 1;
}

/** Of the host's settings that are not valid, each with why: "CLOAK_DB_STORE names no host". */
export function wrongSettings({ facts }: Problem): readonly string[] {
  const { variables, reasons } = facts;
  if (!Array.isArray(variables) || !Array.isArray(reasons)) return [];
  return variables.map((name, at) => `${name} ${reasons[at] ?? ""}`);
}

/** A sentence of its own in place of a problem. */
export function sayAndFail(sentence: string, io: Io): ExitCode {
  io.err(sentence);
  return 1;
}
