import "server-only";
import { type Environment, readEnvironment } from "#lib/env.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayAndFail, sayProblem, wrongSettings } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db move-vault`: from where the settings say to another place, or back to what was left there. */
export async function moveVault(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {
    to: { type: "string" },
    undo: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.moveVault"));
    return 0;
  }
  const [beyond] = positionals;
  if (beyond !== undefined) return wrongUsage(say("cli.usage.unexpectedArgument", { argument: beyond }), io);
  const to = typeof values.to === "string" ? values.to : undefined;
  if ((to === undefined) === (values.undo !== true)) return wrongUsage(say("cli.usage.moveVault"), io);

  const environment = settingsWith(process.env.CLOAK_DB_STORE);
  if (!environment.ok) return sayProblem(environment.problem, io);
  // Loaded now: a usage error answers sooner.
  const { keySource } = await import("#lib/stores/file/key-source.ts");
  const key = await keySource(environment.value.key).load();
  if (!key.ok) return sayProblem(key.problem, io);
  if (key.value === undefined) return sayAndFail(say("cli.moveVault.noVault"), io);
  const { storeOf } = await import("#lib/workspace.ts");
  const { moveVault: move, undoMove } = await import("#lib/vault/move-vault.ts");
  const here = storeOf(environment.value);

  if (to === undefined) {
    const undone = await undoMove(here, key.value);
    if (!undone.ok) {
      if (undone.problem.code === "not-found") return sayAndFail(say("cli.moveVault.notMoved"), io);
      return sayProblem(undone.problem, io);
    }
    const noted = await noteMove(environment.value, here.place);
    if (!noted.ok) return sayAndFail(say("cli.moveVault.notNoted", { code: noted.problem.code }), io);
    const facts = { state: "undone", place: here.place, rev: undone.value };
    io.out(values.json === true ? JSON.stringify(facts) : say("cli.moveVault.undone", { place: here.place }));
    return 0;
  }

  const target = settingsWith(to);
  if (!target.ok) {
    // The place is read as the setting would be, and nobody set that.
    const wrong = wrongSettings(target.problem).map((line) => line.replace(/^CLOAK_DB_STORE /, "--to "));
    return wrong.length === 0 ? sayProblem(target.problem, io) : sayAndFail(wrong.join("\n"), io);
  }
  const there = storeOf(target.value);
  if (there.place === here.place) return sayAndFail(say("cli.moveVault.same", { place: here.place }), io);
  const moved = await move(here, there, key.value);
  if (!moved.ok) {
    const isTaken = moved.problem.code === "setting-invalid" && moved.problem.facts.reason === "taken";
    return isTaken
      ? sayAndFail(say("cli.moveVault.taken", { place: there.place }), io)
      : sayProblem(moved.problem, io);
  }
  const noted = await noteMove(target.value, there.place);
  if (!noted.ok) return sayAndFail(say("cli.moveVault.notNoted", { code: noted.problem.code }), io);
  if (values.json === true) {
    io.out(JSON.stringify({ state: "moved", from: here.place, to: there.place, ...moved.value }));
    return 0;
  }
  const counts = Object.entries(moved.value).map(([name, count]) => [name, String(count)]);
  const kind = target.value.store.kind;
  io.out(
    [
      say("cli.moveVault.moved", { place: there.place }),
      say("cli.moveVault.copied", Object.fromEntries(counts)),
      say(kind === "file" ? "cli.moveVault.thenFile" : "cli.moveVault.thenDatabase", { store: to }),
    ].join("\n"),
  );
  return 0;
}

/** In the log of the vault where it is now: before that nobody knows whether it will come there. */
async function noteMove(env: Environment, place: string): Promise<Result<void>> {
  const { openWorkspace } = await import("#lib/workspace.ts");
  const opened = await openWorkspace(env);
  if (!opened.ok) return opened;
  return opened.value.audit.note({ actor: "command-line" }, { action: "vault-move", object: place });
}

/** The host's settings, with the vault in another place: what only a database needs is left out for files. */
function settingsWith(store: string | undefined): Result<Environment> {
  const variables = { ...process.env };
  if (store === undefined) delete variables.CLOAK_DB_STORE;
  else variables.CLOAK_DB_STORE = store;
  if (store === undefined || store.startsWith("file:")) {
    delete variables.CLOAK_DB_STORE_PASSWORD_FILE;
    delete variables.CLOAK_DB_STORE_PIN;
  }
  const read = readEnvironment(variables);
  return read.ok ? ok(read.value) : failed(read.problem);
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.moveVault")}`);
  return 2;
}
