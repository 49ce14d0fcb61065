import "server-only";
import { type Facts, type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { brokenBox, isWhole, type ParsedText, parseDocument, type VaultDocument } from "./document.ts";
import type { Keyring } from "./keyring.ts";
import { openSlots, type Slot } from "./slots.ts";
import {
  type EarlierRevision,
  isTextStore,
  type RecoveryHints,
  type Remembered,
  type Store,
  type TextStore,
} from "./store.ts";
import type { VaultKey } from "./vault-key.ts";

/** The vault at one revision, opened and found whole. Its records are still sealed. */
export interface Snapshot {
  readonly document: Contents;
  readonly keyring: Keyring;
  /** The slot that the present key opened. */
  readonly slot: Slot;
}

/** What is kept, however it lies in the store. */
export interface Contents extends Pick<VaultDocument, "storeId" | "rev" | "slots" | "records" | "mac"> {
  /** The version of the form that it lies in. */
  readonly v: number;
}

/**
 * Opens the text of a vault file.
 * @param text or what it was parsed to just now
 * @returns `vault-damaged` with the fact `part`, `vault-wrong-key` or `vault-newer-version`
 */
export async function inspect(
  text: string | ParsedText,
  key: VaultKey,
): Promise<Result<Snapshot & { readonly document: VaultDocument }>> {
  const parsed = typeof text === "string" ? await parseDocument(text) : text;
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
  if (!(await isWhole(parsed, keyring))) {
    const part = (await brokenBox(document.storeId, document.records, keyring)) ?? "mac";
    return failed(problem("vault-damaged", { reason: "content", part }));
  }
  return ok({ document, keyring, slot });
}

/** What is wrong when this host has seen a later revision, or another one of the same number. */
export function rollback(
  document: Contents,
  remembered: Remembered,
  hints: RecoveryHints,
): Problem | undefined {
  const highest = remembered.state === "known" ? remembered.seen[document.storeId] : undefined;
  if (highest === undefined || document.rev > highest.rev) return undefined;
  if (document.rev === highest.rev && document.mac === highest.mac) return undefined;
  return problem("vault-rolled-back", {
    rev: document.rev,
    highestRev: highest.rev,
    command: hints.forget(),
  });
}

/**
 * What is wrong with a vault that bears the mark of a move. That a later revision was seen where it was moved to is no wonder;
 * one that was seen here says that this one was put back, mark and all.
 * @param place where the document lies
 */
export function rollbackOfMoved(
  document: Contents,
  remembered: Remembered,
  place: string,
  hints: RecoveryHints,
): Problem | undefined {
  const last = remembered.state === "known" ? remembered.seen[document.storeId]?.place : undefined;
  return last === place ? rollback(document, remembered, hints) : undefined;
}

/**
 * What is wrong when this host has seen vaults, but never this one, or has seen another one at this place last: that one's
 * file was put here, and its users would sign in and find their own connections where somebody else's were. A vault that
 * was moved to where none has been is no other.
 * @param place where the document lies
 */
export function otherStore(
  document: Contents,
  remembered: Remembered,
  place: string,
  hints: RecoveryHints,
): Problem | undefined {
  if (remembered.state !== "known") return undefined;
  const known = Object.keys(remembered.seen);
  const here = known.filter((id) => remembered.seen[id]?.place === place);
  const isExpected = here.length === 0 ? known.includes(document.storeId) : here.includes(document.storeId);
  if (known.length === 0 || isExpected) return undefined;
  return problem("vault-other-store", {
    store: document.storeId.slice(0, 8),
    knownStores: known.map((id) => id.slice(0, 8)),
    command: hints.forget(),
  });
}

/**
 * The problem with what helps: the vault's place, and the newest earlier revision that opens with the present key, with
 * the command that puts it back.
 */
export async function withHelp(trouble: Problem, store: Store, key: VaultKey | undefined): Promise<Problem> {
  const path = { path: store.place };
  const isHelped = trouble.code === "vault-damaged" || trouble.code === "vault-wrong-key";
  if (!isHelped) return withFacts(trouble, path);
  if (!isTextStore(store)) {
    const isGone = trouble.facts.reason === "missing";
    return withFacts(trouble, isGone ? { ...path, command: store.hints.beginAnew([]) } : path);
  }
  // The vault is as this host saw it last: somebody took the key away, and an earlier revision would bring it back.
  if (trouble.code === "vault-wrong-key" && (await isAsRemembered(store))) return withFacts(trouble, path);
  const earlier = key === undefined ? undefined : await newestGoodRevision(store, key);
  if (earlier === undefined) {
    if (!(await nothingIsLeft(trouble, store))) return withFacts(trouble, path);
    const traces = await store.records.traces();
    return withFacts(trouble, { ...path, traces, command: store.hints.beginAnew(traces) });
  }
  return withFacts(trouble, {
    ...path,
    backup: earlier.place,
    backupRev: earlier.rev,
    backupSavedAt: earlier.savedAt,
    command: store.hints.putBack(earlier, trouble.facts.reason === "missing"),
  });
}

async function isAsRemembered(store: TextStore): Promise<boolean> {
  const current = await store.records.read();
  const parsed =
    current.ok && current.value !== undefined ? await parseDocument(current.value.text) : undefined;
  const remembered = await store.memory.recall();
  if (parsed?.state !== "sealed" || remembered.state !== "known") return false;
  return remembered.seen[parsed.document.storeId]?.mac === parsed.document.mac;
}

/** Facts that the problem already has are kept. */
function withFacts(trouble: Problem, facts: Facts): Problem {
  return { ...trouble, facts: { ...facts, ...trouble.facts } };
}

async function newestGoodRevision(store: TextStore, key: VaultKey): Promise<EarlierRevision | undefined> {
  const begun = performance.now();
  for (const earlier of await store.records.earlier()) {
    // With a passphrase each costs a good part of a second, and nobody can be told anything before this is over.
    if (performance.now() - begun > longestSearch) return undefined;
    const text = await store.records.readEarlier(earlier);
    const found = text === undefined ? undefined : await inspect(text, key);
    // One that says it is another revision than its name does would be put back for what it is not.
    if (found?.ok && found.value.document.rev === earlier.rev) return earlier;
  }
  return undefined;
}

const longestSearch = 500;

/** Whether there has been a vault of which neither file nor backup is there: then beginning anew loses nothing. */
async function nothingIsLeft(trouble: Problem, store: TextStore): Promise<boolean> {
  const gone = trouble.facts.reason === "missing" || trouble.facts.reason === "replaced-by-version-1";
  return gone && (await store.records.earlier()).length === 0;
}
