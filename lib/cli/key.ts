import "server-only";
import { unlink } from "node:fs/promises";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { exchangeInPlace } from "#lib/stores/file/exchange-in-place.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { exchangeKey, slotOf } from "#lib/vault/key-exchange.ts";
import { dropUnused, renewDataKey, resealRest } from "#lib/vault/key-rotation.ts";
import { changeSlots, shortId, slotFacts } from "#lib/vault/key-slots.ts";
import { keyUses } from "#lib/vault/key-use.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { VaultKey } from "#lib/vault/vault-key.ts";
import type { Workspace } from "#lib/workspace.ts";
import { askPassphrase, keyOptions, loadNamed, type NamedKey, namedKey, settingFor } from "./given-key.ts";
import type { ExitCode, Io } from "./io.ts";
import { keyStatus, useLine } from "./key-status.ts";
import { sayProblemWithFacts } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db key`: what opens the vault, and what it is sealed with. */
export async function key(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {
    ...keyOptions,
    json: { type: "boolean" },
    finish: { type: "boolean" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.key"));
    return 0;
  }
  const [act, slot, ...more] = positionals;
  const work = act === undefined ? undefined : acts.get(act);
  if (act === undefined || work === undefined) return wrongUsage(say("cli.usage.keyAct"), io);
  const beyond = act === "remove" ? more[0] : slot;
  if (beyond !== undefined) return wrongUsage(say("cli.usage.unexpectedArgument", { argument: beyond }), io);
  if (act === "remove" && slot === undefined) return wrongUsage(say("cli.usage.keySlot"), io);
  const foreign = Object.keys(values).find((name) => !work.options.includes(name));
  if (foreign !== undefined) {
    return wrongUsage(say("cli.usage.unknownOption", { option: `--${foreign}` }), io);
  }
  const named = namedKey(values, act);
  if (!named.ok) return wrongUsage(named.problem, io);

  const environment = readEnvironment();
  if (!environment.ok) return refuse(environment.problem, io);
  // Loaded now: a usage error answers sooner. Where nothing is kept nothing is made.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  if (!(await vaultExists(environment.value))) {
    io.err(say("cli.noVault", { folder: environment.value.configDir }));
    return 1;
  }
  const opened = await openWorkspace(environment.value);
  if (!opened.ok) return refuse(opened.problem, io);
  const asked = { named: named.value, slot: slot ?? "", json: values.json === true };
  const done = await work.run(opened.value, { ...asked, finish: values.finish === true }, io);
  return done.ok ? done.value : refuse(done.problem, io);
}

interface Asked {
  readonly named: NamedKey | undefined;
  readonly slot: string;
  readonly json: boolean;
  readonly finish: boolean;
}

interface Act {
  readonly options: readonly string[];
  run(workspace: Workspace, asked: Asked, io: Io): Promise<Result<ExitCode>>;
}

const keys = Object.keys(keyOptions);

const acts: ReadonlyMap<string, Act> = new Map([
  ["status", { options: ["json"], run: status }],
  ["add", { options: keys, run: add }],
  ["remove", { options: keys.filter((name) => name !== "generate"), run: remove }],
  ["rekey", { options: keys, run: rekey }],
  ["rotate", { options: ["finish"], run: rotate }],
]);

/** Whoever can run this may read the host's files: that is all that is known of them. */
const byHand = { actor: "command-line" } as const;

async function status(workspace: Workspace, { json }: Asked, io: Io): Promise<Result<ExitCode>> {
  const said = await keyStatus(workspace, json);
  if (!said.ok) return said;
  io.out(said.value);
  return ok(0);
}

async function add(workspace: Workspace, { named }: Asked, io: Io): Promise<Result<ExitCode>> {
  const { audit, vault } = workspace;
  const given = named === undefined ? await askPassphrase(io) : await loadNamed(named);
  if (given === undefined) return ok(1);
  if (!given.ok) return given;
  const added = await audit.during(byHand, { action: "key-add" }, async () => {
    const slot = await changeSlots(vault, { add: given.value });
    if (!slot.ok) return slot;
    const reopened = await openWith(workspace, given.value);
    return reopened.ok ? slot : reopened;
  });
  if (!added.ok) {
    // A file that opens nothing would only be taken for one that does.
    if (named?.from === "file" && named.generate) await unlink(named.path);
    return added;
  }
  const snapshot = await vault.read();
  if (!snapshot.ok) return snapshot;
  const kind = slotFacts(snapshot.value).find(({ kid }) => kid === added.value)?.kind ?? "raw";
  io.out(say("keys.cli.added", { slot: shortId(added.value ?? ""), kind: say(`keys.kind.${kind}`) }));
  io.out(`${say("keys.cli.use")}\n  ${settingFor(named)}`);
  return ok(0);
}

async function remove(workspace: Workspace, { named, slot }: Asked, io: Io): Promise<Result<ExitCode>> {
  const { audit, vault } = workspace;
  const snapshot = await vault.read();
  if (!snapshot.ok) return snapshot;
  const slots = slotFacts(snapshot.value);
  const found = slots.find(({ id }) => id === slot);
  if (found === undefined) return fail(say("keys.refused.unknown-slot"), io);
  let by = vault;
  if (found.present && slots.length > 1) {
    if (named === undefined) return fail(say("keys.refused.own-slot"), io);
    const other = await loadNamed(named);
    if (!other.ok) return other;
    const opened = await openWith(workspace, other.value);
    const now = opened.ok ? await opened.value.read() : opened;
    if (!opened.ok || !now.ok || now.value.slot.kid === found.kid) {
      return fail(say("keys.refused.other-key"), io);
    }
    by = opened.value;
  }
  const removed = await audit.during(byHand, { action: "key-remove", object: found.id }, () =>
    changeSlots(by, { remove: new Set([found.kid]) }),
  );
  if (!removed.ok) return removed;
  io.out(say("keys.cli.removed", { slot: found.id }));
  if (found.present) sayWhatToSet(workspace, named, io);
  return ok(0);
}

async function rekey(workspace: Workspace, { named }: Asked, io: Io): Promise<Result<ExitCode>> {
  const { audit, env, vault } = workspace;
  if (named === undefined) {
    if (env.key.from === "file" || env.key.from === "generated") return inPlace(workspace, env.key.path, io);
    const typed = await askPassphrase(io);
    if (typed === undefined) return ok(1);
    return typed.ok ? exchange(typed.value) : typed;
  }
  // Of an exchange that was ended in the middle the file is there already, and opens the vault.
  const left = named.from === "file" ? await loadNamed({ ...named, generate: false }) : undefined;
  const known = left?.ok ? await slotOf(vault, left.value) : ok(undefined);
  const isLeft = known.ok && known.value !== undefined && left?.ok === true;
  const given = isLeft ? left : await loadNamed(named);
  return given.ok ? exchange(given.value) : given;

  async function exchange(next: VaultKey): Promise<Result<ExitCode>> {
    const exchanged = await audit.during(byHand, { action: "key-exchange" }, () =>
      exchangeKey(vault, next, { openWith: (key) => openWith(workspace, key) }),
    );
    if (!exchanged.ok) return exchanged;
    io.out(say("keys.cli.exchanged", { slot: shortId(exchanged.value) }));
    sayWhatToSet(workspace, named, io);
    return ok(0);
  }
}

async function inPlace(workspace: Workspace, path: string, io: Io): Promise<Result<ExitCode>> {
  const { audit, vault } = workspace;
  const exchanged = await audit.during(byHand, { action: "key-exchange" }, () =>
    exchangeInPlace(vault, path, (key) => openWith(workspace, key)),
  );
  if (!exchanged.ok) return exchanged;
  const { slot, continued } = exchanged.value;
  io.out(say(continued ? "keys.cli.continued" : "keys.cli.exchanged", { slot: shortId(slot) }));
  io.out(say("keys.cli.inPlace"));
  return ok(0);
}

async function rotate(workspace: Workspace, { finish }: Asked, io: Io): Promise<Result<ExitCode>> {
  const { audit, vault, store } = workspace;
  if (!finish) {
    const renewed = await audit.during(byHand, { action: "key-rotate" }, () => {
      return renewDataKey(vault, toldNowAndThen(io));
    });
    if (!renewed.ok) return renewed;
    io.out(say("keys.cli.rotated", { id: shortId(renewed.value) }));
  }
  const claimed = await store.claim();
  if (!claimed.ok && claimed.problem.code !== "vault-in-use") return claimed;
  let isDone = claimed.ok;
  if (claimed.ok) {
    const rest = await resealRest(vault, store);
    claimed.value.release();
    // Several consoles may share a store: what one of them writes just now is left to it.
    isDone = rest.ok;
    if (!rest.ok && rest.problem.code !== "store-conflict") return rest;
    const lapsed = await workspace.removedProfiles.forgetLapsed();
    if (!lapsed.ok) return lapsed;
  }
  io.out(say(isDone ? "keys.cli.restDone" : "keys.cli.consoleDoes"));
  const dropped = await dropUnused(vault, store);
  if (!dropped.ok) return dropped;
  if (dropped.value.length > 0) {
    const ids = dropped.value.map(shortId).join(", ");
    const noted = await audit.note(byHand, { action: "key-drop", object: ids });
    if (!noted.ok) return noted;
    io.out(say("keys.cli.dropped", { ids }));
  }
  const now = await vault.read();
  const uses = now.ok ? await keyUses(now.value, store) : now;
  if (!uses.ok) return uses;
  const former = uses.value.filter(({ active }) => !active);
  const rest = former.length === 0 ? ["keys.cli.nothingLeft"] : ["keys.cli.still"];
  io.out([...rest.map((words) => say(words)), ...former.map(useLine)].join("\n"));
  if (!finish) io.out(say("keys.cli.leaked"));
  return ok(finish && former.length > 0 ? 1 : 0);
}

/** Says how far it is, once a second. */
function toldNowAndThen(io: Io): (done: number, of: number) => void {
  let last = performance.now();
  return (done, of) => {
    if (performance.now() - last < 1000) return;
    last = performance.now();
    io.err(say("keys.cli.progress", { done: String(done), of: String(of) }));
  };
}

/** The vault opened from what is kept, with another key. */
function openWith({ store }: Workspace, key: VaultKey) {
  return openVault(store, keySource({ from: "variable", value: key.text }));
}

const variables = {
  file: "CLOAK_DB_KEY_FILE",
  command: "CLOAK_DB_KEY_COMMAND",
  variable: "CLOAK_DB_KEY",
} as const;

function sayWhatToSet({ env }: Workspace, named: NamedKey | undefined, io: Io): void {
  io.out(`${say("keys.cli.set")}\n  ${settingFor(named)}`);
  if (env.key.from === "generated") return;
  const former = variables[env.key.from];
  if (!settingFor(named).startsWith(`${former}=`)) io.out(say("keys.cli.unset", { name: former }));
}

function fail(sentence: string, io: Io): Result<ExitCode> {
  io.err(sentence);
  return ok(1);
}

/** What cannot be has words of its own, the same as on the page. */
function refuse(found: Problem, io: Io): ExitCode {
  const { field, reason } = found.facts;
  if (found.code === "setting-invalid" && (field === "key" || field === "slot")) {
    const { path, program, error } = found.facts;
    const facts = { path: String(path), program: String(program), error: String(error) };
    io.err(say(`keys.refused.${reason}`, facts));
    return 1;
  }
  if (found.code === "setting-invalid" && field === "password") {
    io.err(say(`access.password.${reason}`));
    return 1;
  }
  return sayProblemWithFacts(found, io);
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.key")}`);
  return 2;
}
