import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { SealedNotebook } from "#lib/vault/sealed-notebook.ts";
import { type DraftEdit, editedText } from "./draft-edit.ts";

/** What a person has typed into a tab and not closed: kept until it is closed. */
export interface DraftFacts {
  readonly id: string;
  readonly rev: number;
  /** ISO 8601 UTC. */
  readonly savedAt: string;
  /** Its first words, for a list. */
  readonly begins: string;
  /** The draft that another window had changed meanwhile, and that this one was kept beside. */
  readonly beside: string | null;
}

export interface Draft extends DraftFacts {
  readonly text: string;
}

export interface DraftSaving {
  readonly connectionId: string;
  /** Of the draft: a new one may have any. */
  readonly id: string;
  /** The revision that the window knows; 0 for none. */
  readonly rev: number;
  /** The window that writes, and a number that rises with each of its edits: a late one is no edit of what came after. */
  readonly window: string;
  readonly edit: number;
  readonly change: DraftEdit;
}

export interface SavedDraft {
  /** Another one than was asked for where another window had changed that meanwhile. */
  readonly id: string;
  readonly rev: number;
}

export interface Drafts {
  /** Of one person and connection, the last saved first. */
  list(userId: string, connectionId: string): Promise<Result<readonly DraftFacts[]>>;
  find(userId: string, connectionId: string, id: string): Promise<Result<Draft | undefined>>;
  /**
   * Keeps a text. What another window wrote meanwhile is never written over: then this one is kept beside it.
   * @returns `vault-changed-meanwhile` for a piece of a text that is not there any more (send the whole);
   *   `setting-invalid` with `{ field: "draft", reason: "too-long" | "too-many" }`; or what the store could not do
   */
  save(userId: string, saving: DraftSaving): Promise<Result<SavedDraft>>;
  remove(userId: string, connectionId: string, id: string): Promise<Result<void>>;
}

/** In UTF-16 units; as long as a statement may be. */
export const longestDraft = 1_000_000;
const mostDrafts = 500;
/** Of all a person's drafts, as they lie in the store. */
const mostBytes = 32 * 1024 * 1024;
/** What lies there besides the drafts before it is gathered anew: so a save of one writes that one alone. */
const mostWaste = 4 * 1024 * 1024;
/** Drafts that were let lie so long make room where there is none. */
const letLie = 30 * 24 * 60 * 60 * 1000;

/**
 * Keeps drafts in a notebook a person, in memory only their facts.
 * @param notebookOf the sealed notebook of a user
 * @param limits left out but in tests
 */
export function drafts(
  notebookOf: (userId: string) => SealedNotebook,
  limits: {
    readonly bytes?: number;
    readonly waste?: number;
    readonly count?: number;
  } = {},
): Drafts {
  const { bytes: fullAt = mostBytes, waste = mostWaste, count = mostDrafts } = limits;
  const shelves = new Map<string, Shelf>();

  function shelfOf(userId: string): Shelf {
    const found = shelves.get(userId) ?? { notebook: notebookOf(userId), queue: Promise.resolve() };
    shelves.set(userId, found);
    return found;
  }

  /**
   * One after another of a person, with what is kept at hand. Who only reads goes on from what was read before while the
   * store does not answer.
   */
  function within<T>(
    userId: string,
    work: (shelf: OpenShelf) => Promise<Result<T>>,
    reads?: "reads",
  ): Promise<Result<T>> {
    const shelf = shelfOf(userId);
    const turn = shelf.queue.then(async (): Promise<Result<T>> => {
      const opened = await openShelf(shelf, reads !== undefined);
      return opened.ok ? work(opened.value) : opened;
    });
    shelf.queue = turn.catch(() => undefined);
    return turn;
  }

  async function write(shelf: OpenShelf, id: string, content: Content): Promise<Result<void>> {
    const written = await shelf.notebook.append(id, content);
    if (!written.ok) return written;
    const { contents } = shelf;
    contents.bytes += written.value;
    if (content.removed) {
      contents.drafts.delete(id);
      contents.gone.add(id);
    } else {
      contents.gone.delete(id);
      contents.drafts.set(id, kept(content, written.value));
      contents.latest = { id, text: content.text };
    }
    const live = liveBytes(contents);
    if (contents.bytes <= 2 * live + waste) return ok(undefined);
    const gathered = await shelf.notebook.gather(contents.gone);
    // The draft is safe: what could not be gathered now will be another time.
    if (gathered.ok) {
      contents.bytes = gathered.value;
      contents.gone.clear();
    }
    return ok(undefined);
  }

  async function textOf(shelf: OpenShelf, id: string): Promise<Result<string | undefined>> {
    const { latest } = shelf.contents;
    if (latest?.id === id) return ok(latest.text);
    const found = await shelf.notebook.find(id);
    if (!found.ok) return found;
    const content = contentSchema.safeParse(found.value?.value);
    return ok(content.success && !content.data.removed ? content.data.text : undefined);
  }

  /** Lets the oldest of those go that nobody has touched for long, until there is room. */
  async function makeRoom(shelf: OpenShelf, bytes: number, isNew: boolean): Promise<Result<void>> {
    const { drafts: all } = shelf.contents;
    const isFull = () => liveBytes(shelf.contents) + bytes > fullAt || (isNew && all.size >= count);
    for (const [id, draft] of [...all].sort(([, a], [, b]) => a.savedAt.localeCompare(b.savedAt))) {
      if (!isFull()) return ok(undefined);
      if (Date.now() - Date.parse(draft.savedAt) < letLie) break;
      const removed = await write(shelf, id, { removed: true });
      if (!removed.ok) return removed;
    }
    return isFull() ? refused("too-many") : ok(undefined);
  }

  return {
    list: (userId, connectionId) =>
      within(
        userId,
        async ({ contents }) =>
          ok(
            [...contents.drafts]
              .filter(([, draft]) => draft.connectionId === connectionId)
              .map(([id, draft]) => factsOf(id, draft))
              .sort((a, b) => b.savedAt.localeCompare(a.savedAt)),
          ),
        "reads",
      ),

    find: (userId, connectionId, id) =>
      within(userId, async (shelf) => {
        const draft = shelf.contents.drafts.get(id);
        if (draft === undefined || draft.connectionId !== connectionId) return ok(undefined);
        const text = await textOf(shelf, id);
        if (!text.ok) return text;
        return ok(text.value === undefined ? undefined : { ...factsOf(id, draft), text: text.value });
      }),

    save: (userId, saving) =>
      within(userId, async (shelf): Promise<Result<SavedDraft>> => {
        const { connectionId, window, edit, change } = saving;
        const target = targetOf(shelf.contents.drafts, saving);
        const there = shelf.contents.drafts.get(target.id);
        // The window's own, and later: it is there already.
        if (there?.window === window && edit <= there.edit) return ok({ id: target.id, rev: there.rev });
        let text = "text" in change ? change.text : undefined;
        if (text === undefined) {
          const isOfThat = there !== undefined && (there.rev === saving.rev || there.window === window);
          const before = isOfThat ? await textOf(shelf, target.id) : ok(undefined);
          if (!before.ok) return before;
          text =
            before.value === undefined || there?.rev !== saving.rev
              ? undefined
              : editedText(before.value, change);
          if (text === undefined) return failed(problem("vault-changed-meanwhile"));
        }
        if (text.length > longestDraft) return refused("too-long");
        const room = await makeRoom(shelf, Buffer.byteLength(text, "utf8") * 1.4, there === undefined);
        if (!room.ok) return room;
        const rev = (there?.rev ?? 0) + 1;
        const content = {
          removed: false as const,
          connectionId,
          text,
          rev,
          window,
          edit,
          savedAt: new Date().toISOString(),
          beside: target.beside ?? there?.beside ?? null,
        };
        const written = await write(shelf, target.id, content);
        return written.ok ? ok({ id: target.id, rev }) : written;
      }),

    remove: (userId, connectionId, id) =>
      within(userId, async (shelf) => {
        if (shelf.contents.drafts.get(id)?.connectionId !== connectionId) return ok(undefined);
        return write(shelf, id, { removed: true });
      }),
  };
}

interface Shelf {
  readonly notebook: SealedNotebook;
  queue: Promise<unknown>;
  contents?: Contents;
  /** As they were read. */
  others?: number;
}

interface OpenShelf extends Shelf {
  readonly contents: Contents;
}

interface Contents {
  readonly drafts: Map<string, Kept>;
  /** Removed, and still in the store. */
  readonly gone: Set<string>;
  /** What the store holds. */
  bytes: number;
  /** The text that was saved last: the next edit is most often of it. */
  latest?: { readonly id: string; readonly text: string };
}

async function openShelf(shelf: Shelf, mayBeOld: boolean): Promise<Result<OpenShelf>> {
  const others = await shelf.notebook.others();
  if (!others.ok && !(mayBeOld && shelf.contents !== undefined)) return others;
  if (shelf.contents === undefined || (others.ok && others.value !== shelf.others)) {
    const contents: Contents = { drafts: new Map(), gone: new Set(), bytes: 0 };
    const read = await shelf.notebook.each(({ id, value, bytes }) => {
      const content = contentSchema.safeParse(value);
      if (!content.success) return;
      if (content.data.removed) contents.gone.add(id);
      else contents.drafts.set(id, kept(content.data, bytes));
    });
    if (!read.ok) return read;
    contents.bytes = read.value.bytes;
    shelf.contents = contents;
    shelf.others = read.value.others;
  }
  return ok(shelf as OpenShelf);
}

type Content = z.infer<typeof contentSchema>;

const contentSchema = z.discriminatedUnion("removed", [
  z.strictObject({ removed: z.literal(true) }),
  z.strictObject({
    removed: z.literal(false),
    connectionId: z.string(),
    text: z.string(),
    rev: z.int(),
    window: z.string(),
    edit: z.int(),
    savedAt: z.string(),
    beside: z.string().nullable(),
  }),
]);

interface Kept extends Omit<Extract<Content, { removed: false }>, "text" | "removed"> {
  readonly begins: string;
  readonly bytes: number;
}

function kept({ text, removed: _, ...content }: Extract<Content, { removed: false }>, bytes: number): Kept {
  return { ...content, begins: text.trimStart().slice(0, 80).split("\n", 1)[0] ?? "", bytes };
}

function factsOf(id: string, { rev, savedAt, begins, beside }: Kept): DraftFacts {
  return { id, rev, savedAt, begins, beside };
}

function liveBytes({ drafts: all }: Contents): number {
  let bytes = 0;
  for (const draft of all.values()) bytes += draft.bytes;
  return bytes;
}

/** Which draft a window writes: its own, or one beside that of another window. */
function targetOf(
  all: ReadonlyMap<string, Kept>,
  { connectionId, id, rev, window }: DraftSaving,
): { readonly id: string; readonly beside?: string } {
  const there = all.get(id);
  const isFree = there === undefined || there.window === window || there.rev === rev;
  if (isFree && (there === undefined || there.connectionId === connectionId)) return { id };
  // Asked a second time because the first answer was lost.
  for (const [other, draft] of all) {
    if (draft.beside === id && draft.window === window && draft.connectionId === connectionId)
      return { id: other };
  }
  return { id: randomId(), beside: id };
}

function refused(reason: "too-long" | "too-many"): Result<never> {
  return failed(problem("setting-invalid", { field: "draft", reason }));
}
