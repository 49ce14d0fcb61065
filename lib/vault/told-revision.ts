import "server-only";
import { z } from "zod";
import { base64url } from "./base64url.ts";
import { boxSchema, openBox } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { type Place, seal } from "./seal.ts";
import type { Remembered, SeenRevision } from "./store.ts";

/*
 * What a console tells the others of a store: the revision that it has seen, sealed. Who keeps the store can hold it back and
 * cannot make it up, so a console that remembers nothing still notices an older copy while another one is at work.
 */

/** @param until for how long it is told, ms since 1970 */
export function toldRevision({ document, keyring }: Snapshot, until: number): string {
  const { storeId, rev, mac } = document;
  const content = Buffer.from(JSON.stringify({ rev, mac, until }), "utf8");
  return JSON.stringify(seal(content, placeIn(storeId), rev, keyring.active));
}

/**
 * The highest revision that somebody tells of, added to what this host remembers where that is nothing.
 * @param told what was told before the snapshot was read: nothing in it can be ahead of a store that was not set back
 */
export function withTold(
  remembered: Remembered,
  told: readonly string[],
  snapshot: Snapshot,
  now = Date.now(),
): Remembered {
  if (remembered.state !== "nothing") return remembered;
  const { storeId } = snapshot.document;
  let highest: SeenRevision | undefined;
  for (const text of told) {
    const seen = opened(text, snapshot, now);
    if (seen !== undefined && seen.rev > (highest?.rev ?? 0)) highest = seen;
  }
  return highest === undefined ? remembered : { state: "known", seen: { [storeId]: highest } };
}

function opened(text: string, { document, keyring }: Snapshot, now: number): SeenRevision | undefined {
  const box = boxSchema.safeParse(jsonOf(text));
  if (!box.success) return undefined;
  const json = openBox(box.data, placeIn(document.storeId), keyring)?.toString("utf8");
  const content = contentSchema.safeParse(json === undefined ? undefined : jsonOf(json));
  return content.success && content.data.until > now ? content.data : undefined;
}

const contentSchema = z.strictObject({ rev: z.int().min(1), mac: base64url(32), until: z.int() });

function placeIn(storeId: string): Place {
  return { storeId, kind: "console", recordId: "told", field: "revision" };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
