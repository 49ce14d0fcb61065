import "server-only";
import { findProblems } from "#lib/help/find-problems.ts";
import { problemIndex } from "#lib/help/problem-index.ts";
import { catalogue, type ProblemCode, problemCodes } from "#lib/problems/catalogue.ts";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { problemWords } from "#lib/problems/words.ts";
import type { ExitCode, Io } from "./io.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/**
 * `cloak-db problems`: what stands under `/help/problems`, for a terminal or, with `--json`, for a program; with
 * `--find`, the problems that an error of another program is about, the likeliest first.
 */
export function problems(args: readonly string[], io: Io): ExitCode {
  const parsed = readArguments(args, { json: { type: "boolean" }, find: { type: "string" } });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  const text = typeof values.find === "string" ? values.find : undefined;
  if (values.help) {
    io.out(`${say("cli.help.problems")}\n${say("help.cli.option")}`);
    return 0;
  }
  const unknown = positionals.find((name) => !isCode(name));
  if (unknown !== undefined) return wrongUsage(say("cli.usage.unknownProblem", { code: unknown }), io);
  const codes = text === undefined ? positionals.filter(isCode) : found(text);
  if (text !== undefined && codes.length === 0) {
    io.err(say("help.home.nothing"));
    return 1;
  }
  if (values.json) {
    for (const code of codes.length === 0 ? problemCodes : codes) io.out(JSON.stringify(entryOf(code)));
  } else if (codes.length === 0 || text !== undefined) {
    const listed = codes.length === 0 ? problemCodes : codes;
    const width = Math.max(...listed.map((code) => code.length));
    for (const code of listed) io.out(`${code.padEnd(width)}  ${problemWords(problem(code), say).title}`);
  } else {
    io.out(codes.map(asText).join("\n\n"));
  }
  return 0;
}

/** What the help of the console finds, by the words of programs and of the terminal's language. */
function found(text: string): readonly ProblemCode[] {
  return findProblems(problemIndex([say]), text, false).map(({ code }) => code);
}

function isCode(name: string): name is ProblemCode {
  return Object.hasOwn(catalogue, name);
}

function entryOf(code: ProblemCode) {
  const { title, cause, fix, fixes } = problemWords(problem(code), say);
  return { code, step: catalogue[code].step, title, cause, fix, fixes, example: examples[code] ?? null };
}

function asText(code: ProblemCode): string {
  const { title, cause, fix, fixes, example } = entryOf(code);
  return [
    `${title} [${code}]`,
    cause,
    say("cli.check.whatToDo", { fix }),
    ...fixes.map((one) => say("cli.check.fix", { title: one.title })),
    ...(example === null ? [] : [say("cli.problems.example", { example })]),
    say("help.cli.page", { path: `/help/problems/${code}` }),
  ].join("\n");
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.problems")}`);
  return 2;
}
