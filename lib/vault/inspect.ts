import "server-only";
import { randomBytes } from "node:crypto";
import { type Facts, type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Backup } from "./backups.ts";
import { brokenBox, isWhole, parseDocument, type VaultDocument } from "./document.ts";
import type { FileStore } from "./file-store.ts";
import type { VaultKey } from "./key-source.ts";
import type { Keyring } from "./keyring.ts";
import { guardPath, type HighestRevision } from "./revision-guard.ts";
import { shellWord } from "./shell-word.ts";
import { openSlots, type Slot } from "./slots.ts";

/** The vault at one revision, opened and found whole. Its records are still sealed. */
export interface Snapshot {
  readonly document: VaultDocument;
  readonly keyring: Keyring;
  /** The slot that the present key opened. */
  readonly slot: Slot;
}

/**
 * Opens the text of a vault file.
 * @returns `vault-damaged` with the fact `part`, `vault-wrong-key` or `vault-newer-version`
 */
export async function inspect(text: string, key: VaultKey): Promise<Result<Snapshot>> {
  const parsed = parseDocument(text);
  switch (parsed.state) {
    case "newer":
      return failed(problem("vault-newer-version", { version: parsed.version }));
    case "version-1":
      return failed(problem("vault-damaged", { reason: "replaced-by-version-1" }));
    case "damaged":
      return failed(problem("vault-damaged", { reason: "content", part: parsed.part }));
  }
  const { document } = parsed;
  const outcome = await openSlots(document.slots, key, document.storeId);
  switch (outcome.state) {
    case "wrong-key":
      return failed(problem("vault-wrong-key", { reason: "no-slot" }));
    case "damaged":
      return failed(problem("vault-damaged", { reason: "content", part: `slot ${outcome.kid}` }));
  }
  const { keyring, slot } = outcome;
  if (!isWhole(document, keyring)) {
    const part = brokenBox(document.storeId, document.records, keyring) ?? "mac";
    return failed(problem("vault-damaged", { reason: "content", part }));
  }
  return ok({ document, keyring, slot });
}

/** What is wrong when this host has seen a later revision, or another one of the same number. */
export function rollback(
  document: VaultDocument,
  highest: HighestRevision | undefined,
  stateDir: string,
): Problem | undefined {
  if (highest === undefined || document.rev > highest.rev) return undefined;
  if (document.rev === highest.rev && document.mac === highest.mac) return undefined;
  return problem("vault-rolled-back", {
    rev: document.rev,
    highestRev: highest.rev,
    command: forgetCommand(stateDir),
  });
}

/**
 * The problem with what helps: the file's path, and the newest backup that opens with the present key, with the
 * command that puts it in the file's place.
 */
export async function withHelp(
  trouble: Problem,
  store: FileStore,
  stateDir: string,
  key: VaultKey | undefined,
): Promise<Problem> {
  const path = { path: store.path };
  if (trouble.code !== "vault-damaged" && trouble.code !== "vault-wrong-key") return withFacts(trouble, path);
  const backup = key === undefined ? undefined : await newestGoodBackup(store, key);
  if (backup === undefined) {
    const again = (await nothingIsLeft(trouble, store)) ? { command: forgetCommand(stateDir) } : {};
    return withFacts(trouble, { ...path, ...again });
  }
  return withFacts(trouble, {
    ...path,
    backup: backup.path,
    backupRev: backup.rev,
    backupSavedAt: backup.savedAt,
    command: putBackCommand(store.path, backup.path, stateDir, trouble.facts.reason === "missing"),
  });
}

/** Facts that the problem already has are kept. */
function withFacts(trouble: Problem, facts: Facts): Problem {
  return { ...trouble, facts: { ...facts, ...trouble.facts } };
}

async function newestGoodBackup(store: FileStore, key: VaultKey): Promise<Backup | undefined> {
  for (const backup of await store.backups()) {
    const text = await store.readBackup(backup);
    if (text !== undefined && (await inspect(text, key)).ok) return backup;
  }
  return undefined;
}

/** Whether there has been a vault of which neither file nor backup is there: then beginning anew loses nothing. */
async function nothingIsLeft(trouble: Problem, store: FileStore): Promise<boolean> {
  const gone = trouble.facts.reason === "missing" || trouble.facts.reason === "replaced-by-version-1";
  return gone && (await store.backups()).length === 0;
}

/** Lets an older revision, or a new vault, be what counts from now on. */
function forgetCommand(stateDir: string): string {
  return `rm ${shellWord(guardPath(stateDir))}`;
}

/** The bad file is moved aside, not deleted; the guard goes, since an older revision is meant. */
function putBackCommand(path: string, backup: string, stateDir: string, missing: boolean): string {
  const aside = `${path}.damaged-${randomBytes(4).toString("hex")}`;
  return [
    ...(missing ? [] : [`mv ${shellWord(path)} ${shellWord(aside)}`]),
    `cp -p ${shellWord(backup)} ${shellWord(path)}`,
    `rm -f ${shellWord(guardPath(stateDir))}`,
  ].join(" && ");
}
