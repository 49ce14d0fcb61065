import "server-only";
import { readEnvironment } from "#lib/env.ts";
import type { AuditEntry } from "#lib/team/audit.ts";
import type { ChainState } from "#lib/vault/chained-log.ts";
import { visibly } from "#lib/visible-text.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayProblem } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db audit`: whether the log is as it was written, and the log itself, for people or as JSON lines. */
export async function audit(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, { json: { type: "boolean" }, since: { type: "string" } });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.audit"));
    return 0;
  }
  const [act, ...more] = positionals;
  if (act !== "verify" && act !== "export") return wrongUsage(say("cli.usage.auditAct"), io);
  if (more[0] !== undefined) {
    return wrongUsage(say("cli.usage.unexpectedArgument", { argument: more[0] }), io);
  }
  const since = typeof values.since === "string" ? values.since : undefined;
  if (since !== undefined && act === "verify") {
    return wrongUsage(say("cli.usage.unknownOption", { option: "--since" }), io);
  }
  const from = since === undefined ? undefined : timeOf(since);
  if (since !== undefined && from === undefined) {
    return wrongUsage(say("cli.usage.date", { date: since }), io);
  }

  const environment = readEnvironment();
  if (!environment.ok) return sayProblem(environment.problem, io);
  // Loaded now: a usage error answers sooner. Where nothing is kept nothing is made.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  if (!(await vaultExists(environment.value))) {
    io.err(say("cli.noVault", { folder: environment.value.configDir }));
    return 1;
  }
  const opened = await openWorkspace(environment.value);
  if (!opened.ok) return sayProblem(opened.problem, io);
  const wanted = { json: values.json === true, from };
  return act === "verify" ? verify(opened.value, wanted, io) : exportLog(opened.value, wanted, io);
}

interface Wanted {
  readonly json: boolean;
  /** Milliseconds since 1970: lines before it are left out. */
  readonly from: number | undefined;
}

async function verify({ audit: log }: Workspace, { json }: Wanted, io: Io): Promise<ExitCode> {
  const chain = await log.check();
  if (!chain.ok) return sayProblem(chain.problem, io);
  io.out(json ? JSON.stringify(chain.value) : inWords(chain.value));
  return chain.value.state === "whole" ? 0 : 1;
}

/** Whatever can be read is given; what was done to the log is said apart, and in the exit code. */
async function exportLog({ audit: log, users }: Workspace, wanted: Wanted, io: Io): Promise<ExitCode> {
  const listed = await users.list();
  if (!listed.ok) return sayProblem(listed.problem, io);
  const names = new Map(listed.value.map(({ id, name }) => [id, name]));
  const read = await log.each((entry) => {
    if (wanted.from !== undefined && Date.parse(entry.at) < wanted.from) return;
    io.out(wanted.json ? JSON.stringify(entry) : lineOf(entry, names));
  });
  if (!read.ok) return sayProblem(read.problem, io);
  const chain = await log.check();
  if (!chain.ok) return sayProblem(chain.problem, io);
  if (chain.value.state === "whole") return 0;
  io.err(inWords(chain.value));
  return 1;
}

function inWords(chain: ChainState): string {
  if (chain.state === "whole") return say("audit.chain.whole", { count: String(chain.entries) });
  const what =
    chain.state === "shortened"
      ? say("audit.chain.shortened", { entries: String(chain.entries), known: String(chain.known) })
      : say(chain.state === "broken" ? "audit.chain.broken" : "audit.chain.partMissing", {
          line: String(chain.line),
          part: chain.part,
        });
  return `${what}\n${say("audit.chain.meaning")}`;
}

function lineOf(entry: AuditEntry, names: ReadonlyMap<string, string>): string {
  const named = (id: string) => names.get(id) ?? id;
  const { actor, object, target, source, times, secrets, changes = [] } = entry;
  const parts = [
    entry.at,
    actor === null
      ? say("audit.stranger")
      : actor === "command-line"
        ? say("audit.commandLine")
        : named(actor),
    `${say(`audit.actions.${entry.action}`)}${entry.result === "allowed" ? "" : ` [${entry.result}]`}`,
    object === null ? "" : named(object),
    target ?? "",
    ...changes.map(({ field, from, to }) => say("audit.change", { field, from: from || "–", to: to || "–" })),
    entry.reason === undefined ? "" : say("audit.reason", { reason: entry.reason }),
    secrets === undefined ? "" : say("audit.secrets", { names: secrets.join(", ") }),
    times === undefined ? "" : say("audit.times", { count: String(times) }),
    source === null ? "" : say("audit.source", { address: source }),
  ];
  return visibly(parts.filter((part) => part !== "").join(" · "));
}

/** A date begins at midnight UTC, as the lines are written. */
function timeOf(text: string): number | undefined {
  const date = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/.exec(
    text,
  )?.[1];
  const [day, time] = [Date.parse(`${date}T00:00:00Z`), Date.parse(text)];
  if (Number.isNaN(day) || Number.isNaN(time)) return undefined;
  // What no month has, such as 30 February, would be read as a day of the next one.
  return new Date(day).toISOString().startsWith(String(date)) ? time : undefined;
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.audit")}`);
  return 2;
}
