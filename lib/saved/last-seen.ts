import "server-only";
import { z } from "zod";
import type { Result } from "#lib/problems/result.ts";
import type { Vault } from "#lib/vault/vault.ts";

/** How a connection looked when it was last tried: for the list, so that it need not dial anything. */
export type Seen = z.infer<typeof seenSchema>;

export interface LastSeen {
  /** By connection id; empty when the notes cannot be read: they are comfort, never a reason to fail. */
  all(): Promise<ReadonlyMap<string, Seen>>;
  /** Notes one attempt. */
  note(profileId: string, seen: Seen): Promise<Result<void>>;
  forget(profileId: string): Promise<Result<void>>;
}

const seenSchema = z.strictObject({
  /** ISO 8601 UTC. */
  at: z.string(),
  /** Null when the session was in plain text or no session came about. */
  verified: z.enum(["full", "ca", "pinned", "none"]).nullable(),
  encrypted: z.boolean(),
  protocol: z.string().nullable(),
  /** `notAfter` of the server's leaf, ISO 8601 UTC. */
  notAfter: z.string().nullable(),
  serverVersion: z.string().nullable(),
  /** The code that ended the attempt. */
  problem: z.string().nullable(),
});

const documentSchema = z.record(z.string(), seenSchema);

/**
 * Keeps the notes in a sealed document beside the records, apart from it: a test must not raise its revision. It is
 * written as a whole, so notes that come while it is being written go into one next writing.
 */
export function lastSeen(vault: Vault): LastSeen {
  const file = vault.document("last-seen");
  /** Not written yet; undefined where a note is to be forgotten. */
  let waiting = new Map<string, Seen | undefined>();
  /** Being written now. */
  let batch: ReadonlyMap<string, Seen | undefined> = new Map();
  let writing: Promise<Result<void>> | undefined;
  let next: Promise<Result<void>> | undefined;
  let latest: { readonly content: unknown; readonly notes: ReadonlyMap<string, Seen> } | undefined;

  function parsed(content: unknown): ReadonlyMap<string, Seen> {
    if (latest === undefined || latest.content !== content) latest = { content, notes: parse(content) };
    return latest.notes;
  }

  function keep(profileId: string, seen: Seen | undefined): Promise<Result<void>> {
    waiting.set(profileId, seen);
    // Whoever comes while the next writing waits for its turn goes with it.
    next ??= afterwards(writing).then(write);
    return next;
  }

  function write(): Promise<Result<void>> {
    writing = next;
    next = undefined;
    batch = waiting;
    waiting = new Map();
    return file.change((content) => Object.fromEntries(withChanges(parsed(content), batch)));
  }

  return {
    async all() {
      const content = await file.read();
      const written = parsed(content.ok ? content.value : undefined);
      return withChanges(withChanges(written, batch), waiting);
    },
    note: keep,
    forget: (profileId) => keep(profileId, undefined),
  };
}

/** When that has ended, well or not; at once is a turn later, so that what comes together is written together. */
async function afterwards(writing: Promise<unknown> | undefined): Promise<void> {
  await writing?.catch(() => undefined);
}

function withChanges(
  notes: ReadonlyMap<string, Seen>,
  changes: ReadonlyMap<string, Seen | undefined>,
): ReadonlyMap<string, Seen> {
  if (changes.size === 0) return notes;
  const after = new Map(notes);
  for (const [id, seen] of changes) {
    if (seen === undefined) after.delete(id);
    else after.set(id, seen);
  }
  return after;
}

function parse(content: unknown): ReadonlyMap<string, Seen> {
  const read = documentSchema.safeParse(content);
  return new Map(read.success ? Object.entries(read.data) : []);
}
