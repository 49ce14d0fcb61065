import "server-only";
import { isAge, type openAge, recipientOf } from "#lib/carry/age-file.ts";
import { bringIn } from "#lib/carry/bring-in.ts";
import {
  type ConflictChoice,
  conflictChoices,
  type ImportPlan,
  isWhole,
  planImport,
} from "#lib/carry/import-plan.ts";
import { type CarriedContent, mostBytes, readCarried } from "#lib/carry/read-carried.ts";
import { vaultIdentity } from "#lib/carry/vault-identity.ts";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readBounded } from "#lib/stores/file/read-bounded.ts";
import type { User } from "#lib/team/users.ts";
import type { Workspace } from "#lib/workspace.ts";
import { askPassphrase } from "./ask-passphrase.ts";
import { importText, summaryText } from "./import-text.ts";
import type { ExitCode, Io } from "./io.ts";
import { notTaken } from "./not-taken.ts";
import { sayAndFail, sayProblem } from "./say-problem.ts";
import { readArguments } from "./usage.ts";
import { say } from "./words.ts";

/** `cloak-db import`: connections of a file, whoever wrote it; first what would happen, then all of it or nothing. */
export async function importConnections(args: readonly string[], io: Io): Promise<ExitCode> {
  const parsed = readArguments(args, {
    "dry-run": { type: "boolean" },
    "passphrase-file": { type: "string" },
    as: { type: "string" },
    user: { type: "string" },
    "on-conflict": { type: "string" },
    "dbeaver-credentials": { type: "string" },
    recipient: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (!parsed.ok) return wrongUsage(parsed.problem, io);
  const { values, positionals } = parsed.value;
  if (values.help) {
    io.out(say("cli.help.import"));
    return 0;
  }
  const asked = askedOf(values, positionals);
  if (!asked.ok) return wrongUsage(asked.problem, io);
  const files = await filesOf(asked.value, io);
  if (!files.ok) return sayAndFail(files.problem, io);

  const environment = readEnvironment();
  if (!environment.ok) return sayProblem(environment.problem, io);
  // Loaded now: a usage error answers sooner.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  const mayBegin = asked.value.file !== undefined && !asked.value.dryRun;
  if (!mayBegin && !(await vaultExists(environment.value))) {
    // Who asks for a key must not be given one of a vault that was made by asking, as in a wrong folder: nobody would have it.
    return asked.value.file === undefined
      ? sayAndFail(say("cli.carry.noRecipient", { folder: environment.value.configDir }), io)
      : tellAll(asked.value, files.value, io);
  }
  const opened = await openWorkspace(environment.value);
  if (!opened.ok) return sayProblem(opened.problem, io);
  if (asked.value.file === undefined) {
    io.out(await recipientOf(await vaultIdentity(opened.value.vault)));
    return 0;
  }
  return bringAll(opened.value, asked.value, files.value, io);
}

interface Asked {
  /** Undefined where only this vault's recipient is asked for. */
  readonly file: string | undefined;
  readonly dryRun: boolean;
  readonly passphraseFile: string | undefined;
  readonly as: string | undefined;
  readonly user: string | undefined;
  readonly onConflict: ConflictChoice;
  readonly credentials: string | undefined;
  readonly json: boolean;
}

function askedOf(
  values: Readonly<Record<string, unknown>>,
  [file, ...more]: readonly string[],
): Result<Asked, string> {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  if (more[0] !== undefined) return failed(say("cli.usage.unexpectedArgument", { argument: more[0] }));
  if (values.recipient === true && file !== undefined)
    return failed(say("cli.usage.unexpectedArgument", { argument: file }));
  if (values.recipient !== true && file === undefined) return failed(say("cli.usage.importFile"));
  const given = text("on-conflict") ?? "skip";
  const onConflict = conflictChoices.find((choice) => choice === given);
  if (onConflict === undefined) return failed(say("cli.usage.onConflict", { choice: given }));
  return ok({
    file,
    dryRun: values["dry-run"] === true,
    passphraseFile: text("passphrase-file"),
    as: text("as"),
    user: text("user"),
    onConflict,
    credentials: text("dbeaver-credentials"),
    json: values.json === true,
  });
}

interface Files {
  readonly bytes: Uint8Array;
  readonly credentials: Uint8Array | undefined;
}

async function filesOf({ file, credentials }: Asked, io: Io): Promise<Result<Files, string>> {
  const bytes = file === undefined ? ok(Buffer.alloc(0)) : await bytesOf(file, io);
  if (!bytes.ok) return bytes;
  const beside = credentials === undefined ? undefined : await bytesOf(credentials, io);
  if (beside?.ok === false) return beside;
  return ok({ bytes: bytes.value, credentials: beside?.value });
}

/** Never more than is taken, and one byte: `readCarried` says that it is too much. */
async function bytesOf(file: string, io: Io): Promise<Result<Buffer, string>> {
  if (file === "-") return ok(await readAll(io.stdin));
  const found = await readBounded(file, mostBytes);
  if (found.state === "read") return ok(found.bytes);
  return found.state === "large" ? ok(Buffer.alloc(mostBytes + 1)) : failed(notTaken(file, found));
}

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(Buffer.from(part));
    size += part.length;
    if (size > mostBytes) break;
  }
  return Buffer.concat(parts);
}

async function bringAll(workspace: Workspace, asked: Asked, files: Files, io: Io): Promise<ExitCode> {
  const importer = asked.as === undefined ? ok(undefined) : await workspace.users.findByName(asked.as);
  if (!importer.ok) return sayProblem(importer.problem, io);
  if (asked.as !== undefined && importer.value === undefined)
    return sayAndFail(say("cli.admin.unknown", { name: asked.as }), io);
  const content = await contentOf(workspace, asked, files, io);
  if (!content.ok) return sayRefusal(content.problem, io);
  const plan = await planFor(workspace, content.value, asked);
  if (!plan.ok) return sayProblem(plan.problem, io);
  if (!asked.dryRun && !isWhole(plan.value)) {
    // What was chosen is done, all of it, or nothing is.
    tellEntries(plan.value, content.value, { ...asked, dryRun: true }, io);
    return sayAndFail(say("cli.carry.notWhole"), io);
  }
  if (!asked.dryRun && plan.value.create.length + plan.value.over.length > 0) {
    const by = importer.value?.id ?? null;
    const done = await bringIn(plan.value, workspace, { actor: "command-line" }, by);
    if (!done.ok) return sayProblem(done.problem, io);
  }
  tell(plan.value, content.value, asked, importer.value, io);
  return exitCode(plan.value);
}

/** A dry run where no vault is: as in one that has just been begun, which is not done. */
async function tellAll(asked: Asked, files: Files, io: Io): Promise<ExitCode> {
  if (asked.as !== undefined) return sayAndFail(say("cli.admin.unknown", { name: asked.as }), io);
  const content = await contentOf(undefined, asked, files, io);
  if (!content.ok) return sayRefusal(content.problem, io);
  const plan = await planFor(undefined, content.value, asked);
  if (!plan.ok) return sayProblem(plan.problem, io);
  tell(plan.value, content.value, asked, undefined, io);
  return exitCode(plan.value);
}

/** What is to be said is a sentence, or a problem of the catalogue. */
function sayRefusal(refusal: Problem | string, io: Io): ExitCode {
  return typeof refusal === "string" ? sayAndFail(refusal, io) : sayProblem(refusal, io);
}

function exitCode(plan: ImportPlan): ExitCode {
  return isWhole(plan) && plan.entries.every(({ outcome }) => outcome !== "refused") ? 0 : 1;
}

async function contentOf(
  workspace: Workspace | undefined,
  asked: Asked,
  { bytes, credentials }: Files,
  io: Io,
): Promise<Result<CarriedContent, Parameters<typeof sayProblem>[0] | string>> {
  const roots = await rootsOf(workspace);
  if (!roots.ok) return roots;
  const own = workspace === undefined ? {} : { identity: await vaultIdentity(workspace.vault) };
  const read = (keys: Parameters<typeof openAge>[1]) =>
    readCarried({ bytes, keys: { ...own, ...keys }, roots: roots.value, user: asked.user, credentials });
  if (!isAge(bytes) || asked.passphraseFile !== undefined) {
    const passphrase =
      asked.passphraseFile === undefined ? undefined : await askPassphrase(io, asked.passphraseFile, false);
    return passphrase?.ok === false ? passphrase : read({ passphrase: passphrase?.value });
  }
  // Asked for where the file asks for it: what is sealed to this vault opens without.
  const first = await read({});
  if (first.ok || first.problem.facts.reason !== "passphrase-missing" || asked.file === "-") return first;
  const passphrase = await askPassphrase(io, undefined, false);
  return passphrase.ok ? read({ passphrase: passphrase.value }) : passphrase;
}

/** Whoever runs this may read the vault's key: every connection is theirs to see, and to write over. */
async function planFor(
  workspace: Workspace | undefined,
  { entries }: CarriedContent,
  { onConflict }: Asked,
): Promise<Result<ImportPlan>> {
  const existing = (await workspace?.profiles.list()) ?? ok([]);
  const belongings = (await workspace?.labels.all()) ?? ok(new Map());
  const roots = await rootsOf(workspace);
  if (!existing.ok) return existing;
  if (!belongings.ok) return belongings;
  if (!roots.ok) return roots;
  return planImport(entries, {
    existing: existing.value,
    labels: belongings.value,
    mayReplace: () => true,
    open: async (id) => workspace?.profiles.open(id) ?? ok(undefined),
    roots: roots.value,
    mayLead: () => "give",
    mayLeadHost: () => "lead",
    onConflict,
  });
}

/** The provider roots that people gave; none where no vault is. */
async function rootsOf(workspace: Workspace | undefined): ReturnType<Workspace["givenRoots"]["kinds"]> {
  return workspace?.givenRoots.kinds() ?? ok({});
}

function tell(
  plan: ImportPlan,
  content: CarriedContent,
  asked: Asked,
  importer: User | undefined,
  io: Io,
): void {
  tellEntries(plan, content, asked, io);
  if (!asked.json) io.out(summaryText(plan.entries, { dryRun: asked.dryRun, owner: importer?.name }));
}

function tellEntries({ entries }: ImportPlan, { source }: CarriedContent, asked: Asked, io: Io): void {
  for (const entry of entries) {
    const written = !asked.dryRun && entry.act !== "skip";
    io.out(asked.json ? JSON.stringify({ ...entry, source, written }) : importText(entry));
  }
}

function wrongUsage(sentence: string, io: Io): ExitCode {
  io.err(`${sentence}\n\n${say("cli.help.import")}`);
  return 2;
}
