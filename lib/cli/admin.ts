import "server-only";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import type { Workspace } from "#lib/workspace.ts";
import { askPassword } from "./ask-password.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayAndFail, sayProblemWithFacts } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db admin`: what must also work when nobody can sign in. */
export async function admin(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {});
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  if (parsed.value.values.help) {
    io.out(say("cli.help.admin"));
    return 0;
  }
  const [act, name, ...more] = parsed.value.positionals;
  const work = act === undefined ? undefined : acts.get(act);
  if (work === undefined) return wrongUsage(say("cli.usage.adminAct"), io);
  if (name === undefined || name === "") return wrongUsage(say("cli.usage.adminName"), io);
  if (more[0] !== undefined) {
    return wrongUsage(say("cli.usage.unexpectedArgument", { argument: more[0] }), io);
  }
  // Loaded now: a usage error answers sooner.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  const environment = readEnvironment();
  // Only the first account begins a vault.
  if (act !== "create" && environment.ok && !(await vaultExists(environment.value)))
    return sayAndFail(say("cli.noVault", { folder: environment.value.configDir }), io);
  const opened = environment.ok ? await openWorkspace(environment.value) : environment;
  if (!opened.ok) return refuse(opened.problem, io);
  return work(opened.value, name, io);
}

type Act = (workspace: Workspace, name: string, io: Io) => Promise<ExitCode>;

const acts: ReadonlyMap<string, Act> = new Map([
  ["create", create],
  ["reset-password", resetPassword],
]);

async function create({ audit, users, setupToken }: Workspace, name: string, io: Io): Promise<ExitCode> {
  const taken = await users.findByName(name);
  if (!taken.ok) return refuse(taken.problem, io);
  if (taken.value !== undefined) return sayAndFail(say("access.name.taken"), io);
  const password = await askFor(name, io);
  if (password === undefined) return 1;
  const created = await audit.during(byHand, { action: "member-add", object: `${name} (owner)` }, () =>
    users.create({ name, password, role: "owner" }),
  );
  if (!created.ok) return refuse(created.problem, io);
  // Somebody is here now: the link for the first one is over.
  await setupToken.remove();
  io.out(say("cli.admin.created", { name: created.value.name }));
  return 0;
}

async function resetPassword({ audit, users }: Workspace, name: string, io: Io): Promise<ExitCode> {
  const found = await users.findByName(name);
  if (!found.ok) return refuse(found.problem, io);
  if (found.value === undefined) return sayAndFail(say("cli.admin.unknown", { name }), io);
  const password = await askFor(found.value.name, io);
  if (password === undefined) return 1;
  const { id } = found.value;
  const changed: Result<unknown> = await audit.during(byHand, { action: "password-reset", object: id }, () =>
    users.changePassword(id, password),
  );
  if (!changed.ok) return refuse(changed.problem, io);
  io.out(say("cli.admin.reset", { name: found.value.name }));
  return 0;
}

/** Whoever can run this may read the host's files: that is all that is known of them. */
const byHand = { actor: "command-line" } as const;

function askFor(name: string, io: Io): Promise<Secret | undefined> {
  return askPassword(io, {
    first: say("cli.admin.password", { name }),
    again: say("cli.admin.again"),
    differ: say("cli.admin.differ"),
  });
}

/** What a person typed wrong has words of its own, the same as on the pages. */
function refuse(found: Problem, io: Io): ExitCode {
  const { field, reason } = found.facts;
  if (found.code === "setting-invalid" && (field === "name" || field === "password")) {
    return sayAndFail(say(`access.${field}.${reason}`), io);
  }
  return sayProblemWithFacts(found, io);
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.admin")}`);
  return 2;
}
