import "server-only";
import { readEnvironment } from "#lib/env.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readBounded } from "#lib/stores/file/read-bounded.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import { networkPolicy } from "#lib/wire/network-policy.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import { checkLine } from "./check-line.ts";
import type { CheckResult } from "./check-result.ts";
import { checkText } from "./check-text.ts";
import type { ExitCode, Io } from "./io.ts";
import { notTaken } from "./not-taken.ts";
import type { Target } from "./target.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db check`: what the form's "Test connection" does, for any number of targets. */
export async function check(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, { file: { type: "string", multiple: true }, json: { type: "boolean" } });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.check"));
    return 0;
  }
  const targets = [...positionals];
  for (const file of (values.file ?? []) as string[]) {
    const lines = await readTargets(file, io);
    if (!lines.ok) return wrongUsage(lines.problem, io);
    targets.push(...lines.value);
  }
  if (targets.length === 0) return wrongUsage(say("cli.usage.noTarget"), io);

  let allOk = true;
  const show = values.json ? checkLine : checkText;
  // Loaded when there is something to do: a usage error answers sooner.
  const { savedConnections } = await import("./saved-connections.ts");
  const { readTarget } = await import("./target.ts");
  const saved = savedConnections();
  const running = inOrder(targets, 8, async (text, index) => {
    const target = await readTarget(text, index + 1, saved);
    return tryTarget(target, await saved.trustStores());
  });
  for await (const result of running) {
    allOk &&= result.report.ok;
    io.out(show(result));
  }
  return allOk ? 0 : 1;
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.check")}`);
  return 2;
}

/** One target a line; empty lines and lines that begin with `#` are none. */
async function readTargets(file: string, io: Io): Promise<Result<readonly string[], string>> {
  const found = file === "-" ? undefined : await readBounded(file, largestList);
  if (found !== undefined && found.state !== "read") return failed(notTaken(file, found));
  const text = found === undefined ? await readAll(io.stdin) : found.bytes.toString("utf8");
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  return ok(lines.filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#")));
}

/** Bytes. */
const largestList = 16 * 1024 * 1024;

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
}

/**
 * Tries one target: what `check` does for each.
 * @param trustStore where trust stores lie, and what people gave; left out, as the environment says
 */
export async function tryTarget(
  { label, candidates }: Target,
  trustStore?: TrustStores,
): Promise<CheckResult> {
  if (!candidates.ok) return { label, report: notTried(candidates.problem) };
  const environment = readEnvironment();
  if (!environment.ok) return { label, report: notTried(environment.problem) };
  const stores = trustStore ?? environment.value.trustStore;
  // Loaded when there is something to connect to: a usage error answers sooner.
  const { testConnection } = await import("#lib/connect/connect.ts");
  const network = networkPolicy({ allowLoopback: true });
  let report = notTried(problem("unexpected"));
  for (const { profile, demands } of candidates.value) {
    report = await testConnection(profile, { network, trustStore: stores, demands });
    if (report.problem === null || !leavesTheNextHost(report.problem)) break;
  }
  return { label, report };
}

/** libpq goes on where it did not come through to a server, and where the server is not of the kind it wants. */
function leavesTheNextHost({ code, step }: Problem): boolean {
  if (step === "name" || step === "address") return true;
  return nextHostAfter.has(code);
}

const nextHostAfter: ReadonlySet<string> = new Set([
  "net-timeout",
  "server-starting",
  "server-standby-closed",
  "session-read-only",
  "session-not-read-only",
]);

/** What was given could not be used, so nothing was dialled. */
function notTried(found: Problem): AttemptReport {
  return { ok: false, problem: found, steps: [], tls: null, server: null, fallback: null, ms: 0 };
}

/** Works on so many at a time and gives the results in the order of the list, each as soon as that allows. */
async function* inOrder<T>(
  list: readonly T[],
  atATime: number,
  work: (item: T, index: number) => Promise<CheckResult>,
): AsyncGenerator<CheckResult> {
  const started: Promise<CheckResult>[] = [];
  let next = 0;
  const startNext = () => {
    const index = next;
    const item = list[index];
    if (item === undefined) return;
    next += 1;
    started[index] = work(item, index)
      .catch((error: unknown) => ({ label: `#${index + 1}`, report: notTried(unexpected(error)) }))
      .finally(startNext);
  };
  for (let slot = 0; slot < atATime; slot += 1) startNext();
  for (let index = 0; index < list.length; index += 1) {
    const result = started[index];
    if (result) yield await result;
  }
}

/** An error's message may hold anything; its kind does not. */
function unexpected(error: unknown): Problem {
  return problem("unexpected", { kind: error instanceof Error ? error.name : typeof error });
}
