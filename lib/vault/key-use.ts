import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { inTurns } from "#lib/turns.ts";
import type { SealedRecord } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { openContent } from "./named-document.ts";
import { keyOfLine } from "./sealed-notebook.ts";
import { isTextStore, type Store } from "./store.ts";

/** What a data key is still needed for. */
export interface KeyUse {
  readonly id: string;
  /** The key that is sealed with; the others only open. */
  readonly active: boolean;
  /** Boxes of the records. */
  readonly boxes: number;
  /** Documents that are sealed with it, or in which something is. */
  readonly documents: number;
  /** Entries of notebooks. */
  readonly entries: number;
  /** Earlier revisions with boxes of it. */
  readonly backups: number;
}

/** Counts it for each key of the keyring, the active one first. */
export async function keyUses(snapshot: Snapshot, store: Store): Promise<Result<readonly KeyUse[]>> {
  const { document, keyring } = snapshot;
  const counts = new Map([...keyring.dataKeys.keys()].map((id) => [id, noUse()]));
  const count = (id: string | undefined, what: keyof Counts) => {
    const found = id === undefined ? undefined : counts.get(id);
    if (found !== undefined) found[what] += 1;
  };
  const turn = inTurns();
  for (const record of document.records) {
    for (const box of boxesOf(record)) count(box.k, "boxes");
    await turn();
  }
  const contents = await store.contents();
  if (!contents.ok) return contents;
  for (const name of contents.value.documents) {
    const found = await store.document(name).read();
    if (!found.ok) return found;
    if (found.value === undefined || found.value === "unchanged") continue;
    const { text } = found.value;
    const content = openContent(text, name, snapshot)?.json ?? "";
    for (const id of counts.keys()) {
      // What lies in it may be sealed by itself: a removed connection that can be put back.
      if (text.includes(`"k":"${id}"`) || content.includes(id)) count(id, "documents");
    }
  }
  for (const owner of contents.value.notebooks) {
    const lines = await store.notebook(owner).read();
    if (!lines.ok) return lines;
    for (const line of lines.value) {
      count(keyOfLine(line), "entries");
      await turn();
    }
  }
  // An earlier revision carries its own keys, sealed for who could open it then. With these it opens for who can now.
  for (const earlier of isTextStore(store) ? await store.records.earlier() : []) {
    const text = isTextStore(store) ? await store.records.readEarlier(earlier) : undefined;
    for (const id of counts.keys()) if (text?.includes(`"k":"${id}"`)) count(id, "backups");
    await turn();
  }
  const uses = [...counts].map(([id, used]) => ({ id, active: id === keyring.active.id, ...used }));
  return ok(uses.sort((a, b) => Number(b.active) - Number(a.active)));
}

/** Whether a key may go: what it could open is nowhere any more. */
export function isUnused({ active, boxes, documents, entries, backups }: KeyUse): boolean {
  return !active && boxes + documents + entries + backups === 0;
}

export function boxesOf(record: SealedRecord) {
  return [record.meta, ...Object.values(record.secrets)];
}

type Counts = Record<"boxes" | "documents" | "entries" | "backups", number>;

function noUse(): Counts {
  return { boxes: 0, documents: 0, entries: 0, backups: 0 };
}
