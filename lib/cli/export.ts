import "server-only";
import { writeFile } from "node:fs/promises";
import { type AgeTarget, isRecipient, passphraseFlaw } from "#lib/carry/age-file.ts";
import { type TakenOut, takeOut } from "#lib/carry/connections-file.ts";
import { readEnvironment } from "#lib/env.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { SavedProfile } from "#lib/saved/profile-store.ts";
import { type SecretField, secretFields } from "#lib/settings/form-values.ts";
import type { AuditEvent } from "#lib/team/audit.ts";
import type { Workspace } from "#lib/workspace.ts";
import { askPassphrase } from "./ask-passphrase.ts";
import type { ExitCode, Io } from "./io.ts";
import { connectionsNamed, severalNamed } from "./named-connections.ts";
import { sayAndFail, sayProblem } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db export`: connections as one file, without their secrets or with them, sealed. */
export async function exportConnections(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {
    to: { type: "string" },
    "with-secrets": { type: "boolean" },
    "passphrase-file": { type: "string" },
    recipient: { type: "string", multiple: true },
    json: { type: "boolean" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.export"));
    return 0;
  }
  const asked = askedOf(values, positionals);
  if (!asked.ok) return wrongUsage(asked.problem, io);

  const environment = readEnvironment();
  if (!environment.ok) return sayProblem(environment.problem, io);
  // Loaded now: a usage error answers sooner. Where nothing is kept nothing is made.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  if (!(await vaultExists(environment.value)))
    return sayAndFail(say("cli.noVault", { folder: environment.value.configDir }), io);
  const opened = await openWorkspace(environment.value);
  if (!opened.ok) return sayProblem(opened.problem, io);
  return takeAll(opened.value, asked.value, io);
}

interface Asked {
  /** Empty for all. */
  readonly names: readonly string[];
  readonly to: string | undefined;
  readonly withSecrets: boolean;
  readonly passphraseFile: string | undefined;
  readonly recipients: readonly string[];
  readonly json: boolean;
}

function askedOf(values: Readonly<Record<string, unknown>>, names: readonly string[]): Result<Asked, string> {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  const recipients = Array.isArray(values.recipient) ? values.recipient.map(String) : [];
  const passphraseFile = text("passphrase-file");
  const withSecrets = values["with-secrets"] === true;
  const lone =
    recipients.length > 0 ? "--recipient" : passphraseFile === undefined ? undefined : "--passphrase-file";
  if (lone !== undefined && !withSecrets) return failed(say("cli.usage.needsSecrets", { option: lone }));
  if (recipients.length > 0 && passphraseFile !== undefined) return failed(say("cli.usage.oneSeal"));
  const wrong = recipients.find((recipient) => !isRecipient(recipient));
  if (wrong !== undefined) return failed(say("cli.usage.recipient", { recipient: wrong }));
  const to = text("to");
  // Without a file the connections themselves are what is printed.
  if (values.json === true && to === undefined) return failed(say("cli.usage.jsonNeedsTo"));
  return ok({ names, to, withSecrets, passphraseFile, recipients, json: values.json === true });
}

async function takeAll(workspace: Workspace, asked: Asked, io: Io): Promise<ExitCode> {
  const { profiles, labels, audit } = workspace;
  const listed = await profiles.list();
  if (!listed.ok) return sayProblem(listed.problem, io);
  const chosen = chosenOf(listed.value, asked.names);
  if (!chosen.ok) return sayAndFail(chosen.problem, io);
  const belongings = await labels.all();
  if (!belongings.ok) return sayProblem(belongings.problem, io);
  const target = asked.withSecrets ? await targetOf(asked, io) : undefined;
  if (target?.ok === false) return sayAndFail(target.problem, io);

  const taken: TakenOut[] = [];
  for (const saved of chosen.value) {
    const opened = asked.withSecrets ? await profiles.open(saved.id) : undefined;
    if (opened?.ok === false) return sayProblem(opened.problem, io);
    taken.push({
      draft: saved,
      label: belongings.value.get(saved.id),
      stored: storedOf(saved),
      ...(opened?.value && { secrets: opened.value.secrets }),
    });
  }
  // Noted before it leaves: what cannot be noted is not done.
  const events = chosen.value.map((saved) => exportOf(saved, asked.withSecrets));
  const made = await audit.during({ actor: "command-line" }, events, () =>
    takeOut(taken, new Date(), target?.value),
  );
  if (!made.ok) {
    return made.problem.facts.field === "recipient"
      ? sayAndFail(say("cli.usage.recipient", { recipient: asked.recipients.join(", ") }), io)
      : sayProblem(made.problem, io);
  }
  return handOver(made.value, taken, asked, io);
}

async function handOver(
  text: string,
  taken: readonly TakenOut[],
  { to, withSecrets, json }: Asked,
  io: Io,
): Promise<ExitCode> {
  if (to === undefined) {
    io.out(text.trimEnd());
    return 0;
  }
  try {
    // For its owner alone, and never over another file.
    await writeFile(to, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "";
    return sayAndFail(say("cli.carry.notWritten", { file: to, reason }), io);
  }
  if (json) {
    const names = taken.map(({ draft }) => draft.name);
    io.out(JSON.stringify({ file: to, connections: names, withSecrets }));
    return 0;
  }
  const count = String(taken.length);
  io.out(say(withSecrets ? "cli.carry.exportedSealed" : "cli.carry.exported", { count, file: to }));
  io.out(say("cli.carry.notCarried"));
  return 0;
}

/** All, or those of these names or ids. */
function chosenOf(
  all: readonly SavedProfile[],
  names: readonly string[],
): Result<readonly SavedProfile[], string> {
  if (names.length === 0) return ok(all);
  const chosen = new Set<SavedProfile>();
  for (const name of names) {
    const [found, ...more] = connectionsNamed(all, name);
    if (found === undefined) return failed(say("cli.carry.unknown", { name }));
    if (more.length > 0) return failed(severalNamed(name, [found, ...more]));
    chosen.add(found);
  }
  return ok([...chosen]);
}

async function targetOf({ recipients, passphraseFile }: Asked, io: Io): Promise<Result<AgeTarget, string>> {
  if (recipients.length > 0) return ok({ recipients });
  const passphrase = await askPassphrase(io, passphraseFile, true);
  if (!passphrase.ok) return passphrase;
  const flaw = passphraseFlaw(passphrase.value);
  return flaw === undefined
    ? ok({ passphrase: passphrase.value })
    : failed(say("cli.carry.weakPassphrase", { why: say(`access.password.${flaw}`) }));
}

function storedOf({ stored }: SavedProfile): readonly SecretField[] {
  return secretFields.filter((field) => stored[field]);
}

function exportOf(saved: SavedProfile, withSecrets: boolean): AuditEvent {
  const { id, host, networkAddress, port } = saved;
  return {
    action: "connection-export",
    object: id,
    target: `${networkAddress ?? host}:${port}`,
    secrets: withSecrets ? storedOf(saved) : [],
  };
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.export")}`);
  return 2;
}
