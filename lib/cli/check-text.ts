import "server-only";
import { fieldReasons } from "#lib/problems/field-messages.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { fieldWords, problemWords } from "#lib/problems/words.ts";
import { readableMs } from "#lib/rounded-ms.ts";
import type { AttemptReport } from "#lib/wire/report.ts";
import type { CheckResult } from "./check-result.ts";
import { say } from "./words.ts";

/** One target for people: the outcome first, then why, then what to do. */
export function checkText({ label, report }: CheckResult): string {
  const state = say(report.ok ? "cli.check.passed" : "cli.check.failed");
  const time = say("steps.time", { ms: readableMs(report.ms) });
  const lines = [`${state}  ${label}${report.steps.length > 0 ? `  (${time})` : ""}`];
  if (report.problem) lines.push(...problemLines(report.problem).map(indented));
  if (report.ok) lines.push(...sessionLines(report).map(indented));
  if (report.steps.length > 0 && report.problem) lines.push(indented(stepLine(report)));
  return lines.map(printable).join("\n");
}

function indented(line: string): string {
  return `    ${line}`;
}

/** A server's own words may hold what moves the cursor or hides text. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return line.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD");
}

function problemLines(problem: Problem): string[] {
  const words = problemWords(problem, say);
  const lines = [`${words.title} [${problem.code}]`, words.cause];
  const detail = detailOf(problem);
  // Some causes quote the server themselves.
  if (detail !== undefined && !words.cause.includes(String(problem.facts.message ?? detail)))
    lines.push(...detail.split("\n"));
  lines.push(say("cli.check.whatToDo", { fix: words.fix }));
  for (const fix of words.fixes) lines.push(say("cli.check.fix", { title: fix.title }));
  for (const code of problem.also) {
    lines.push(
      say("cli.check.also", { title: problemWords({ ...problem, code, facts: {} }, say).title, code }),
    );
  }
  return lines;
}

/** What the general words leave open: which file, which parameter, what the server said. */
function detailOf({ facts, code }: Problem): string | undefined {
  const { reason, parameter, file, parameters, message, told } = facts;
  if (reason === "name-several") return String(told);
  const isOurs = typeof reason === "string" && (typeof file === "string" || reasonsWithoutFile.has(reason));
  if (isOurs && /^(file|folder|service|host-missing|count)/.test(reason)) {
    return say(`cli.check.${reason}`, { parameter: String(parameter), file: String(file) });
  }
  if (Array.isArray(parameters)) return say("cli.check.parameters", { names: parameters.join(", ") });
  if (code === "setting-invalid" && fieldReasons.some((known) => known === reason)) {
    return fieldWords(String(reason), say, facts);
  }
  if (code === "setting-invalid" && typeof parameter === "string") {
    return say("cli.check.parameters", { names: parameter });
  }
  if (typeof message === "string") return say("cli.check.serverSays", { message });
  return undefined;
}

const reasonsWithoutFile: ReadonlySet<string> = new Set(["host-missing", "count"]);

function sessionLines({ server, tls, fallback }: AttemptReport): string[] {
  const lines: string[] = [];
  if (server) {
    const { version, user, database } = server;
    lines.push(say("cli.check.server", { version, user, database }));
  }
  lines.push(
    tls
      ? say("cli.check.encrypted", {
          protocol: tls.protocol,
          cipher: tls.cipher,
          verified: say(`cli.check.verified.${tls.verified}`),
        })
      : say("cli.check.notEncrypted"),
  );
  if (fallback) lines.push(say(`cli.check.fallback.${fallback}`));
  return lines;
}

function stepLine({ steps }: AttemptReport): string {
  return steps
    .filter(({ state }) => state !== "skipped")
    .map(({ name, state, ms }) => {
      const step = say(`steps.names.${name}`);
      return state === "passed"
        ? `${step} ${say("steps.time", { ms: readableMs(ms) })}`
        : `${step}: ${say(`steps.states.${state}`)}`;
    })
    .join(" · ");
}
