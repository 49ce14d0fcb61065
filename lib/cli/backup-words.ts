import "server-only";
import type { CopyState } from "#lib/vault/backup-copy.ts";
import { say } from "./words.ts";

/** What a copy is, in a word. */
export function stateWords(found: CopyState | undefined): string {
  if (found === undefined) return say("backups.states.gone");
  const { part = "", version = "", storeId = "" } = { ...found } as Readonly<Record<string, unknown>>;
  const facts = { part: String(part), version: String(version), storeId: String(storeId) };
  return say(`backups.states.${found.state}`, facts);
}

/** When something was saved, to the minute, UTC. */
export function timeWords(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
