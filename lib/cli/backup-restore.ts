import "server-only";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { tellingMoves } from "#lib/carry/told-moves.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readCopyFile } from "#lib/stores/file/copy-file.ts";
import { restoredUsers } from "#lib/team/restored-users.ts";
import { type CopyState, openCopy } from "#lib/vault/backup-copy.ts";
import { beginWithCopy } from "#lib/vault/backup-restore.ts";
import { differenceWords } from "#lib/vault/difference-words.ts";
import { earlierRevisions } from "#lib/vault/earlier-revisions.ts";
import { type EarlierRevision, isTextStore, type Store } from "#lib/vault/store.ts";
import { visibly } from "#lib/visible-text.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { Done, Given } from "./backup-given.ts";
import { unreadable } from "./backup-list.ts";
import { stateWords, timeWords } from "./backup-words.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayAndFail, sayProblemWithFacts } from "./say-problem.ts";
import { say } from "./words.ts";

/** `cloak-db backup restore`: says what will differ, and puts a backup in the place of what is there. */
export async function restoreBackup(given: Given, io: Io): Done {
  const [wanted] = given.objects;
  if (wanted === undefined) return failed(say("backups.usage.what"));
  const opened = await given.open();
  if (!opened.ok) return ok(notOpen(opened.problem, io));
  const { storeOf } = await import("#lib/workspace.ts");
  const store = opened.value?.store ?? storeOf(given.env);
  const source = await textOf(wanted, store);
  if (!source.ok) return ok(sayAndFail(source.problem, io));
  return ok(
    await (opened.value === undefined
      ? restoreLost(source.value, store, given, io)
      : restoreOver(source.value, opened.value, given, io)),
  );
}

interface Source {
  /** A revision's number or a file's path. */
  readonly name: string;
  readonly text: string;
  readonly savedAt: string;
  /** The revision that the store keeps it as. */
  readonly kept?: number;
}

/** A number is a revision; whoever means a file of that name writes `./12`. */
async function textOf(wanted: string, store: Store): Promise<Result<Source, string>> {
  if (/^\d{1,15}$/.test(wanted)) {
    const revisions = earlierRevisions(store);
    const revision = (await revisions.earlier()).find(({ rev }: EarlierRevision) => rev === Number(wanted));
    const text = revision && (await revisions.readEarlier(revision));
    if (revision === undefined || text === undefined) {
      return failed(say("backups.noRevision", { rev: wanted }));
    }
    const { savedAt, rev } = revision;
    return ok({ name: say("backups.revision", { rev: wanted }), text, savedAt, kept: rev });
  }
  const path = resolve(wanted);
  const file = await readCopyFile(path);
  return file.ok ? ok({ name: path, ...file.value }) : failed(unreadable(path, file.problem.reason));
}

async function restoreOver(
  { name, text, savedAt, kept }: Source,
  workspace: Workspace,
  given: Given,
  io: Io,
): Promise<ExitCode> {
  const { audit, backups, vault } = workspace;
  const now = await vault.read();
  if (!now.ok) return sayProblemWithFacts(now.problem, io);
  const { storeId, rev: present } = now.value.document;
  const judged = await backups.judge(text, true);
  if (!judged.ok) return sayProblemWithFacts(judged.problem, io);
  const found = judged.value;
  if (found.state === "whole" && kept !== undefined && found.rev !== kept) {
    return notRestored(name, { state: "damaged", part: "rev" }, io);
  }
  if (found.state !== "whole") {
    const more = say("backups.elsewhere", { storeId: storeId.slice(0, 8) });
    return notRestored(name, found, io, found.state === "other-vault" ? more : undefined);
  }
  const rev = String(found.rev);
  const lines = differenceWords(found.differs, say, "restore");
  if (lines.length === 0) {
    io.out(say("backups.same", { rev }));
    return 0;
  }
  io.out(say("backups.willReplace", { rev, at: timeWords(savedAt), present: String(present) }));
  for (const line of lines) io.out(`  ${visibly(line)}`);
  io.out(say("backups.comesBack", { present: String(present) }));
  const may = await mayGoOn(given, io);
  if (may !== "yes") return may;
  const restored = await audit.during(
    { actor: "command-line" },
    { action: "backup-restore", object: rev },
    () => tellingMoves(workspace, "command-line", () => backups.restore(found.copy, present, restoredUsers)),
  );
  if (!restored.ok) return notDone(restored.problem, io);
  io.out(say("backups.restored", { rev: String(restored.value) }));
  return 0;
}

/** Where nothing is kept: after a disk was lost, with the key at hand. */
async function restoreLost({ name, text }: Source, store: Store, given: Given, io: Io): Promise<ExitCode> {
  if (!isTextStore(store)) return sayAndFail(say("backups.onlyIntoFiles"), io);
  const { keySource } = await import("#lib/stores/file/key-source.ts");
  const key = await keySource(given.env.key).load();
  if (!key.ok) return sayProblemWithFacts(key.problem, io);
  const found = await openCopy(text, { everyBox: true, key: async () => key.value });
  if (found.state !== "whole") return notRestored(name, found, io);
  const rev = String(found.copy.document.rev);
  io.out(say("backups.willBegin", { rev, folder: given.env.configDir }));
  const may = await mayGoOn(given, io);
  if (may !== "yes") return may;
  const begun = await beginWithCopy(store, found.copy, restoredUsers);
  if (!begun.ok) return notDone(begun.problem, io);
  const noted = await noteBeginning(given, rev);
  io.out(say("backups.restored", { rev: String(begun.value) }));
  return noted.ok ? 0 : sayAndFail(say("backups.notNoted", { code: noted.problem.code }), io);
}

/** Only now is there a vault whose log it can stand in. */
async function noteBeginning(given: Given, rev: string): Promise<Result<void>> {
  const opened = await given.open();
  if (!opened.ok) return opened;
  const event = { action: "backup-restore", object: rev } as const;
  return opened.value?.audit.note({ actor: "command-line" }, event) ?? ok(undefined);
}

async function mayGoOn({ values }: Given, io: Io): Promise<"yes" | ExitCode> {
  if (values["dry-run"] === true) return 0;
  if (values.yes === true) return "yes";
  if (io.stdin.isTTY) {
    const lines = createInterface({ input: io.stdin, output: process.stderr });
    const answer = await lines.question(say("backups.confirm"));
    lines.close();
    if (answer.trim().toLowerCase() === "yes") return "yes";
  }
  return sayAndFail(say("backups.again"), io);
}

function notRestored(
  name: string,
  found: Exclude<CopyState, { readonly state: "whole" }>,
  io: Io,
  more?: string,
): ExitCode {
  const sentence = say("backups.refused", { name, state: stateWords(found) });
  return sayAndFail([visibly(sentence), ...(more === undefined ? [] : [more])].join("\n"), io);
}

function notDone(found: Problem, io: Io): ExitCode {
  const { reason, command } = found.facts;
  if (reason === "no-owner") return sayAndFail(say("backups.noOwner"), io);
  if (reason === "remains") return sayAndFail(say("backups.remains", { command: String(command) }), io);
  return sayProblemWithFacts(found, io);
}

/** What stands there is not written over while nobody can say what it is. */
function notOpen(found: Problem, io: Io): ExitCode {
  const code = sayProblemWithFacts(found, io);
  const { path } = found.facts;
  if ((found.code === "vault-damaged" || found.code === "vault-wrong-key") && path !== undefined) {
    io.err(say("backups.aside", { path: String(path) }));
  }
  return code;
}
