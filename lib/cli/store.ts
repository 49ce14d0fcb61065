import "server-only";
import { type PostgresSetting, readEnvironment } from "#lib/env.ts";
import type { StoreFinding } from "#lib/stores/postgres/check-store.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayProblem } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db store`: sets up the database that keeps the vault, and tries whether it has all that a console needs. */
export async function store(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {
    json: { type: "boolean" },
    role: { type: "string" },
    sql: { type: "boolean" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.store"));
    return 0;
  }
  const [act, ...more] = positionals;
  if (act !== "init" && act !== "check") return wrongUsage(say("cli.usage.storeAct"), io);
  if (more[0] !== undefined) {
    return wrongUsage(say("cli.usage.unexpectedArgument", { argument: more[0] }), io);
  }
  const foreign = (act === "init" ? ["json"] : ["role", "sql"]).find((name) => values[name] !== undefined);
  if (foreign !== undefined) {
    return wrongUsage(say("cli.usage.unknownOption", { option: `--${foreign}` }), io);
  }
  const environment = readEnvironment();
  if (!environment.ok) return sayProblem(environment.problem, io);
  const setting = environment.value.store;
  const json = values.json === true;
  if (setting.kind === "file") {
    const { configDir } = environment.value;
    io.out(
      json
        ? JSON.stringify({ store: "file", place: configDir })
        : say("cli.store.file", { folder: configDir }),
    );
    return 0;
  }
  const role = typeof values.role === "string" && values.role !== "" ? values.role : undefined;
  return act === "init" ? init(setting, role, values.sql === true, io) : check(setting, json, io);
}

async function init(
  setting: PostgresSetting,
  role: string | undefined,
  onlySay: boolean,
  io: Io,
): Promise<ExitCode> {
  if (onlySay) {
    const { grantStatements, tableStatements } = await import("#lib/stores/postgres/tables.ts");
    const rights = role === undefined ? [] : grantStatements(setting.schema, role);
    for (const text of [...tableStatements(setting.schema).map((one) => one.text), ...rights])
      io.out(`${text};`);
    return 0;
  }
  const { storeLink } = await import("#lib/stores/postgres/link.ts");
  const { setUpStore } = await import("#lib/stores/postgres/set-up-store.ts");
  const link = storeLink(setting);
  try {
    const made = await setUpStore(link, setting.schema, role);
    if (!made.ok) return sayProblem(made.problem, io);
  } finally {
    await link.close();
  }
  const words = role === undefined ? say("cli.store.made") : say("cli.store.madeFor", { role });
  io.out(`${words}\n${setting.place}`);
  return 0;
}

async function check(setting: PostgresSetting, json: boolean, io: Io): Promise<ExitCode> {
  const { storeLink } = await import("#lib/stores/postgres/link.ts");
  const { checkStore } = await import("#lib/stores/postgres/check-store.ts");
  const link = storeLink(setting);
  const findings = await checkStore(link).finally(() => link.close());
  const isGood = findings.every(({ ok }) => ok);
  if (json) {
    io.out(JSON.stringify({ store: "postgres", place: setting.place, ok: isGood, findings }));
  } else {
    io.out(setting.place);
    for (const finding of findings) io.out(inWords(finding));
  }
  return isGood ? 0 : 1;
}

function inWords({ need, ok, problem }: StoreFinding): string {
  const name = say(`cli.store.need.${need}`);
  if (ok || problem === null) return `${say("cli.check.passed")}  ${name}`;
  const { why, sqlstate, table, reason, path, command } = problem.facts;
  const seen = [...new Set([why, sqlstate, table, reason, path, command])]
    .filter((fact) => fact !== undefined)
    .join(", ");
  return `${say("cli.check.failed")}  ${name} [${problem.code}${seen === "" ? "" : `: ${seen}`}]`;
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.store")}`);
  return 2;
}
