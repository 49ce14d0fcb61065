import "server-only";
import { z } from "zod";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { boxSchema, openBox } from "./document.ts";
import type { Snapshot } from "./inspect.ts";
import { type Place, seal } from "./seal.ts";
import type { Kept, StoredDocument } from "./store.ts";

/** One sealed JSON document beside the records. It is replaced as a whole. */
export interface NamedDocument {
  /** For problems that name it. */
  readonly place: string;
  /**
   * What was written last, as plain JSON; undefined when nothing was. The same object until it is written again, and
   * frozen.
   * @returns `vault-damaged` or `vault-unsafe-permissions` with `path`, and whatever keeps the vault from being read
   */
  read(): Promise<Result<unknown>>;
  /** Replaces the document and waits for no other writer. @returns `vault-write-failed` with `path`, `step`, `saved` */
  write(value: unknown): Promise<Result<void>>;
  /**
   * Reads, changes and writes with no other change in between, in this process or another. An edit that gives back the
   * very value that it was given writes nothing; where others are quicker it is asked again, so what it finds out it says
   * anew each time.
   * @param edit is given what is kept; of a replaceable one undefined, and why, where that is not to be believed
   */
  change(edit: (value: unknown, unbelieved?: Problem) => unknown): Promise<Result<void>>;
  /**
   * Of a guarded one: lets what is kept now count no more, where it says something that is over and could not be written
   * over. Whoever asks for that goes on reading it, and leaves out what is over; nobody else does. The next write counts
   * again.
   */
  disown(): Promise<void>;
}

export interface DocumentOptions {
  /**
   * Numbers its revisions and lets the host remember the highest: an older one that is put back is `vault-rolled-back`,
   * with `path`, `rev` (0 where it was taken away) and `highestRev`.
   */
  readonly guarded?: boolean;
  /** What does not open, or was put back, is written over by the next change. Otherwise a change fails like a read. */
  readonly replaceable?: boolean;
}

/**
 * A sealed document of that name: lower-case letters and hyphens.
 * @param snapshot the vault as it is now: its keys and its id
 */
export function namedDocument(
  name: string,
  stored: StoredDocument,
  snapshot: () => Promise<Result<Snapshot>>,
  { guarded = false, replaceable = false }: DocumentOptions = {},
): NamedDocument {
  let latest: { readonly version: string; readonly rev: number; readonly content: unknown } | undefined;
  /** The highest revision that was read or written here. */
  let highest = 0;
  /** A revision that counts for nobody else any more. */
  let disowned: number | undefined;

  async function read(): Promise<Result<unknown>> {
    const vault = await snapshot();
    if (!vault.ok) return vault;
    // The memory first: it never runs ahead of what is kept, so a change between the two looks is none that was put back.
    const known = guarded ? Math.max(highest, await stored.known(vault.value.document.storeId)) : 0;
    const found = await stored.read(latest?.version);
    if (!found.ok) return found;
    if (found.value === undefined) return known === 0 ? ok(undefined) : failed(putBack(0, known));
    const opened = found.value === "unchanged" ? latest : openStored(found.value, vault.value);
    if (opened === undefined) {
      return failed(problem("vault-damaged", { reason: "content", path: stored.place }));
    }
    const { rev, content } = opened;
    if (rev < known && rev !== disowned) {
      return failed(putBack(rev, known));
    }
    highest = Math.max(highest, rev);
    latest = opened;
    return ok(content);
  }

  function putBack(rev: number, highestRev: number): Problem {
    return problem("vault-rolled-back", { path: stored.place, rev, highestRev });
  }

  function openStored({ text, version }: Kept, vault: Snapshot) {
    const opened = openContent(text, name, vault);
    return opened && { version, rev: opened.rev, content: frozen(JSON.parse(opened.json)) };
  }

  async function sealed(value: unknown): Promise<Result<Sealed>> {
    const vault = await snapshot();
    if (!vault.ok) return vault;
    const { storeId } = vault.value.document;
    const rev = guarded ? Math.max(highest, await stored.known(storeId)) + 1 : 1;
    return ok({ text: contentText(JSON.stringify(value), name, rev, vault.value), storeId, rev });
  }

  /** Only when it is safely kept: the memory never runs ahead of it. */
  async function remember({ storeId, rev }: Sealed): Promise<void> {
    highest = Math.max(highest, rev);
    disowned = undefined;
    if (guarded) await stored.remember(storeId, rev);
  }

  return {
    place: stored.place,
    read,
    write: async (value) => {
      const made = await sealed(value);
      if (!made.ok) return made;
      const written = await stored.write(made.value.text);
      if (written.ok) await remember(made.value);
      return written;
    },
    change: async (edit) => {
      let made: Sealed | undefined;
      let isSame = false;
      const changed = await stored.change(async () => {
        const before = await read();
        const isBelieved = before.ok || !replaceable || before.problem.facts.path !== stored.place;
        if (!before.ok && isBelieved) return before;
        const next = before.ok ? edit(before.value) : edit(undefined, before.problem);
        isSame = before.ok && next === before.value;
        if (isSame) return nothingToWrite;
        const text = await sealed(next);
        if (!text.ok) return text;
        made = text.value;
        return ok(made.text);
      });
      if (isSame && !changed.ok) return ok(undefined);
      if (changed.ok && made !== undefined) await remember(made);
      return changed;
    },
    disown: async () => {
      const vault = await snapshot();
      if (!guarded || !vault.ok) return;
      const { storeId } = vault.value.document;
      disowned = latest?.rev;
      await stored.remember(storeId, Math.max(highest, await stored.known(storeId)) + 1);
    },
  };
}

/** Told to the store alone, which then leaves everything as it is. */
const nothingToWrite = failed(problem("not-found"));

function frozen(json: unknown): unknown {
  if (typeof json === "object" && json !== null) {
    for (const part of Object.values(json)) frozen(part);
    Object.freeze(json);
  }
  return json;
}

interface Sealed {
  readonly text: string;
  readonly storeId: string;
  readonly rev: number;
}

const contentSchema = z.strictObject({
  format: z.literal("cloak-sealed"),
  v: z.literal(2),
  storeId: z.string(),
  name: z.string(),
  box: boxSchema,
});

function placeOfDocument(storeId: string, name: string): Place {
  return { storeId, kind: "file", recordId: name, field: "content" };
}

/** A document as it lies in the store, sealed with the active key. */
export function contentText(
  json: string,
  name: string,
  rev: number,
  { document, keyring }: Snapshot,
): string {
  const place = placeOfDocument(document.storeId, name);
  const box = seal(Buffer.from(json, "utf8"), place, rev, keyring.active);
  const content: z.infer<typeof contentSchema> = {
    format: "cloak-sealed",
    v: 2,
    storeId: document.storeId,
    name,
    box,
  };
  return `${JSON.stringify(content)}\n`;
}

/** What it says, and its revision, which the box is bound to. */
export function openContent(
  text: string,
  name: string,
  { document, keyring }: Snapshot,
): { readonly json: string; readonly rev: number } | undefined {
  const parsed = contentSchema.safeParse(parseBoundedJson(text)?.json);
  if (!parsed.success) return undefined;
  const { box } = parsed.data;
  const json = openBox(box, placeOfDocument(document.storeId, name), keyring)?.toString("utf8");
  return json === undefined ? undefined : { json, rev: box.b };
}
