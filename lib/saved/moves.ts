import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";

/** A move of a connection, told to everybody else before they send anything there. */
export interface Move {
  readonly connectionId: string;
  /** The user who moved it. */
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The revision that it made. */
  readonly rev: number;
  /** From what to what, none of it secret. */
  readonly changes: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}

/** Which moves there were, and who has been told of which. */
export interface Moves {
  /** To be noted before the move is saved, so that none goes untold. */
  note(move: Move): Promise<Result<void>>;
  /** It did not come about. */
  drop(connectionId: string, rev: number): Promise<Result<void>>;
  /** What this person has not been told of a connection as it is at a revision, the oldest first. */
  untold(connectionId: string, userId: string, rev: number): Promise<readonly Move[]>;
  /** They have seen all up to this revision. */
  see(connectionId: string, userId: string, rev: number): Promise<Result<void>>;
  /** Of connections that are gone for good. */
  forget(connectionIds: readonly string[]): Promise<Result<void>>;
}

/** Of one connection, and in all: the oldest go first. */
const most = { each: 10, all: 2000 } as const;

/** @param document where they are kept; nobody else writes there */
export function moves(document: Pick<NamedDocument, "change" | "read">): Moves {
  let latest: { readonly content: unknown; readonly byId: ReadonlyMap<string, readonly Kept[]> } | undefined;

  const change = (edit: (all: readonly Kept[]) => readonly Kept[]) =>
    document.change((content) => ({ v: 1, moves: edit(parse(content)) }));

  async function byId(): Promise<ReadonlyMap<string, readonly Kept[]>> {
    const read = await document.read();
    // A note that cannot be read keeps nobody from their work; one that cannot be written keeps a move from being saved.
    const content = read.ok ? read.value : undefined;
    if (latest === undefined || latest.content !== content) {
      const byId = new Map<string, readonly Kept[]>();
      for (const move of parse(content)) {
        byId.set(move.connectionId, [...(byId.get(move.connectionId) ?? []), move]);
      }
      latest = { content, byId };
    }
    return latest.byId;
  }

  return {
    note: (move) =>
      change((all) => {
        const changes = move.changes.map(({ field, from, to }) => ({ field, from: cut(from), to: cut(to) }));
        const others = all.filter(({ connectionId }) => connectionId !== move.connectionId);
        const ours = all.filter(({ connectionId }) => connectionId === move.connectionId);
        return [...others, ...[...ours, { ...move, changes, seen: [] }].slice(-most.each)].slice(-most.all);
      }),
    drop: (id, rev) => change((all) => all.filter((move) => move.connectionId !== id || move.rev !== rev)),
    async untold(id, userId, rev) {
      const ours = (await byId()).get(id) ?? [];
      return ours.filter((move) => move.by !== userId && move.rev <= rev && !move.seen.includes(userId));
    },
    async see(id, userId, rev) {
      const isNew = (move: Kept) =>
        move.connectionId === id && move.rev <= rev && !move.seen.includes(userId) && move.by !== userId;
      if (!((await byId()).get(id) ?? []).some(isNew)) return ok(undefined);
      return change((all) =>
        all.map((move) => (isNew(move) ? { ...move, seen: [...move.seen, userId] } : move)),
      );
    },
    forget: (ids) => change((all) => all.filter(({ connectionId }) => !ids.includes(connectionId))),
  };
}

const kept = z.strictObject({
  connectionId: z.string(),
  by: z.string(),
  at: z.string(),
  rev: z.int(),
  changes: z.array(z.strictObject({ field: z.string(), from: z.string(), to: z.string() })),
  seen: z.array(z.string()),
});
type Kept = z.infer<typeof kept>;

const documentSchema = z.strictObject({ v: z.literal(1), moves: z.array(kept) });

function parse(content: unknown): readonly Kept[] {
  const parsed = documentSchema.safeParse(content);
  return parsed.success ? parsed.data.moves : [];
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
