import "server-only";
import type { Problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import type { CopyState } from "#lib/vault/backup-copy.ts";
import type { ExitCode, Io } from "./io.ts";
import { say } from "./words.ts";

export { say };

/** What a copy is, in a word. */
export function stateWords(found: CopyState | undefined): string {
  if (found === undefined) return say("backups.states.gone");
  const { part = "", version = "", storeId = "" } = { ...found } as Readonly<Record<string, unknown>>;
  const facts = { part: String(part), version: String(version), storeId: String(storeId) };
  return say(`backups.states.${found.state}`, facts);
}

/** When something was saved, to the minute, UTC. */
export function timeWords(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** Says a problem with what it knows: commands to run, what holds a lock. */
export function refuse(found: Problem, io: Io): ExitCode {
  const words = problemWords(found, say);
  io.err(`${words.title} [${found.code}]\n${words.cause}\n${say("cli.check.whatToDo", { fix: words.fix })}`);
  for (const [name, fact] of Object.entries(found.facts)) io.err(`  ${name}: ${fact}`);
  return 1;
}

export function sayAndFail(sentence: string, io: Io): ExitCode {
  io.err(sentence);
  return 1;
}
