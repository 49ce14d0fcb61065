import "server-only";
import { resolve } from "node:path";
import { ok } from "#lib/problems/result.ts";
import { readCopyFile } from "#lib/stores/file/copy-file.ts";
import { type CopyState, openCopy } from "#lib/vault/backup-copy.ts";
import type { KindDifference } from "#lib/vault/backup-differences.ts";
import { differenceWords } from "#lib/vault/difference-words.ts";
import { isTextStore } from "#lib/vault/store.ts";
import { visibly } from "#lib/visible-text.ts";
import type { Workspace } from "#lib/workspace.ts";
import type { Done, Given } from "./backup-given.ts";
import { stateWords, timeWords } from "./backup-words.ts";
import type { ExitCode, Io } from "./io.ts";
import { sayAndFail, sayProblemWithFacts } from "./say-problem.ts";
import { say } from "./words.ts";

/** `cloak-db backup list`: the earlier revisions of the store, or files, and what differs from now. */
export async function listBackups(given: Given, io: Io): Done {
  const looked = await lookAt(given, false, io);
  if ("code" in looked) return ok(looked.code);
  const { copies, present } = looked;
  const json = given.values.json === true;
  if (!json && present !== undefined) io.out(say("backups.present", present));
  if (!json && copies.length === 0 && !looked.unread) io.out(looked.none);
  for (const copy of copies) io.out(json ? JSON.stringify(inJson(copy)) : inWords(copy, true));
  return ok(looked.unread ? 1 : 0);
}

/** `cloak-db backup verify`: whether each opens wholly, every box of it. */
export async function verifyBackups(given: Given, io: Io): Done {
  const looked = await lookAt(given, true, io);
  if ("code" in looked) return ok(looked.code);
  const json = given.values.json === true;
  if (!json && looked.copies.length === 0 && !looked.unread) io.out(looked.none);
  for (const copy of looked.copies) io.out(json ? JSON.stringify(inJson(copy)) : inWords(copy, false));
  return ok(looked.unread || looked.copies.some(({ found }) => found?.state !== "whole") ? 1 : 0);
}

/** A copy that was looked at. */
interface Looked {
  readonly place: string;
  readonly bytes: number;
  readonly savedAt: string;
  /** By its name or its content; undefined of a file that does not open. */
  readonly rev: number | undefined;
  /** Undefined where it cannot be read. */
  readonly found: CopyState | undefined;
  /** Undefined where nobody can tell. */
  readonly differs: readonly KindDifference[] | undefined;
}

interface All {
  readonly present: { readonly rev: string; readonly place: string } | undefined;
  readonly copies: readonly Looked[];
  /** A file that was asked for could not be read; that was said. */
  readonly unread: boolean;
  /** What to say where there is none. */
  readonly none: string;
}

async function lookAt(
  { objects, env, open }: Given,
  everyBox: boolean,
  io: Io,
): Promise<All | { code: ExitCode }> {
  const opened = await open();
  if (!opened.ok) return { code: sayProblemWithFacts(opened.problem, io) };
  const workspace = opened.value;
  if (workspace === undefined && objects.length === 0) {
    return { code: sayAndFail(say("cli.noVault", { folder: env.configDir }), io) };
  }
  const judge = await judgeOf(workspace, env, everyBox);
  const copies: Looked[] = [];
  let unread = false;
  for (const object of objects) {
    const place = resolve(object);
    const file = await readCopyFile(place);
    if (!file.ok) {
      io.err(unreadable(place, file.problem.reason));
      unread = true;
      continue;
    }
    const judged = await judge(file.value.text);
    copies.push({ place, ...file.value, rev: judged.rev, found: judged.found, differs: judged.differs });
  }
  const none = say(
    workspace === undefined || isTextStore(workspace.store) ? "backups.none" : "backups.card.elsewhere",
  );
  if (workspace === undefined) return { present: undefined, copies, unread, none };
  const kept = await workspace.backups.kept();
  if (!kept.ok) return { code: sayProblemWithFacts(kept.problem, io) };
  const present = { rev: String(kept.value.rev), place: workspace.store.place };
  for (const revision of objects.length > 0 ? [] : kept.value.revisions) {
    const judged = await workspace.backups.look(revision, everyBox);
    const found = judged.ok ? judged.value : undefined;
    copies.push({ ...revision, found, differs: found?.state === "whole" ? found.differs : undefined });
  }
  return { present, copies, unread, none };
}

/** Why a file could not be read, in a sentence. */
export function unreadable(file: string, reason: string): string {
  return reason === "large" ? say("backups.tooLarge", { file }) : say("backups.unreadable", { file, reason });
}

/** Against the vault that is there; on a host where none is, with the host's key alone. */
async function judgeOf(workspace: Workspace | undefined, env: Given["env"], everyBox: boolean) {
  type Judgement = Pick<Looked, "rev" | "found" | "differs">;
  if (workspace === undefined) {
    const { keySource } = await import("#lib/stores/file/key-source.ts");
    const key = await keySource(env.key).load();
    return async (text: string): Promise<Judgement> => {
      const found = await openCopy(text, { everyBox, key: async () => (key.ok ? key.value : undefined) });
      const rev = found.state === "whole" ? found.copy.document.rev : undefined;
      return { rev, found, differs: undefined };
    };
  }
  return async (text: string): Promise<Judgement> => {
    const judged = await workspace.backups.judge(text, everyBox);
    if (!judged.ok) return { rev: undefined, found: undefined, differs: undefined };
    const found = judged.value;
    return found.state === "whole"
      ? { rev: found.rev, found, differs: found.differs }
      : { rev: undefined, found, differs: undefined };
  };
}

function inWords({ place, bytes, savedAt, rev, found, differs }: Looked, withDifferences: boolean): string {
  const days = Math.max(0, Math.floor((Date.now() - Date.parse(savedAt)) / dayMs));
  const facts = { at: timeWords(savedAt), days: String(days), bytes: sizeWords(bytes) };
  const head = rev === undefined ? "" : `${say("backups.revision", { rev: String(rev) })} · `;
  const lines = [`${head}${say("backups.saved", facts)}`, `  ${place}`, `  ${stateWords(found)}`];
  if (withDifferences && differs !== undefined) {
    const words = differenceWords(differs, say, "since");
    lines.push(...(words.length === 0 ? [say("backups.since.none")] : words).map((line) => `  ${line}`));
  }
  // Names are people's own text.
  return lines.map((line) => visibly(line)).join("\n");
}

const dayMs = 24 * 60 * 60 * 1000;

function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** For programs: facts, and names by kind. */
function inJson({ place, bytes, savedAt, rev, found, differs }: Looked): object {
  const { state = "gone", part, version, storeId } = { ...found } as Readonly<Record<string, unknown>>;
  return { place, rev: rev ?? null, savedAt, bytes, state, part, version, storeId, differs };
}
