import "server-only";
import { type Environment, readEnvironment } from "#lib/env.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { createBackup } from "./backup-create.ts";
import type { Done, Given } from "./backup-given.ts";
import { listBackups, verifyBackups } from "./backup-list.ts";
import { purgeBackups } from "./backup-purge.ts";
import { restoreBackup } from "./backup-restore.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayProblemWithFacts } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db backup`: copies of the vault made, listed, verified and put back, and secrets taken out of them. */
export async function backup(
  args: readonly string[],
  io: Io,
  environment: Result<Environment> = readEnvironment(),
): Promise<ExitCode> {
  const parsed = readArguments(args, {
    to: { type: "string" },
    json: { type: "boolean" },
    all: { type: "boolean" },
    yes: { type: "boolean" },
    "dry-run": { type: "boolean" },
    "secrets-of": { type: "string" },
    "older-than": { type: "string" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.backup"));
    return 0;
  }
  const [name, ...objects] = positionals;
  const act = acts.find((one) => one.name === name);
  if (act === undefined) return wrongUsage(say("backups.usage.act"), io);
  const odd = Object.keys(values).find((option) => !act.options.includes(option));
  if (odd !== undefined) return wrongUsage(say("cli.usage.unknownOption", { option: `--${odd}` }), io);
  const extra = objects[act.objects];
  if (extra !== undefined) return wrongUsage(say("cli.usage.unexpectedArgument", { argument: extra }), io);

  if (!environment.ok) return sayProblemWithFacts(environment.problem, io);
  const done = await act.run(
    { objects, values, env: environment.value, open: opener(environment.value) },
    io,
  );
  return done.ok ? done.value : wrongUsage(done.problem, io);
}

interface Act {
  readonly name: string;
  readonly options: readonly string[];
  /** So many arguments it takes at most. */
  readonly objects: number;
  readonly run: (given: Given, io: Io) => Done;
}

const acts: readonly Act[] = [
  { name: "create", options: ["to"], objects: 0, run: createBackup },
  { name: "list", options: ["json"], objects: Number.POSITIVE_INFINITY, run: listBackups },
  { name: "verify", options: ["json", "all"], objects: Number.POSITIVE_INFINITY, run: verifyBackups },
  { name: "restore", options: ["yes", "dry-run"], objects: 1, run: restoreBackup },
  { name: "purge", options: ["secrets-of", "older-than", "all", "dry-run"], objects: 0, run: purgeBackups },
];

/** Loaded when it is needed: a usage error answers sooner. */
function opener(env: Environment): Given["open"] {
  return async () => {
    const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
    if (!(await vaultExists(env))) return ok(undefined);
    const opened = await openWorkspace(env);
    return opened.ok ? ok(opened.value) : failed(opened.problem);
  };
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.backup")}`);
  return 2;
}
