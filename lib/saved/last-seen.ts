import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
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
  /** Id of the user who tried; what was noted before this was kept has none. */
  by: z.string().exactOptional(),
});

const documentSchema = z.record(z.string(), seenSchema);

/** Of an attempt, or that the connection is gone. */
const entrySchema = z.union([z.strictObject({ forgotten: z.literal(true) }), seenSchema]);
type Entry = z.infer<typeof entrySchema>;

/** After so many lines the document is written anew. Opening a line takes as long as opening the whole document. */
const mostLines = 200;

/**
 * Keeps the notes beside the records, apart from them: a test must not raise the vault's revision. A note adds a line to
 * a notebook, and after many of them a sealed document of all takes their place: so a note costs the same however many
 * there are, and they are read at once. Notes that come while some are being written go together with the next writing.
 * @param lines left out but in tests
 */
export function lastSeen(vault: Pick<Vault, "notebook" | "document">, lines = mostLines): LastSeen {
  const document = vault.document("last-seen");
  const notebook = vault.notebook("last-seen");
  let opening: Promise<Result<Notes>> | undefined;
  /** What others had written when it was opened. */
  let others = 0;
  let waiting = new Map<string, Entry>();
  /** Lines in the notebook, and those that come. */
  let written = 0;
  let writing: Promise<Result<void>> | undefined;
  let isWriting = false;
  let next: Promise<Result<void>> | undefined;

  /**
   * Read once, and again when another console has written. What cannot be read is tried again with the next.
   * @param writer whether the one that writes asks: others leave what it adds to as it is
   */
  async function notes(writer?: "writer"): Promise<Result<Notes>> {
    if (opening !== undefined) {
      const now = await notebook.others();
      if (now.ok && now.value !== others && (writer !== undefined || !isWriting)) opening = undefined;
    }
    opening ??= open();
    const opened = await opening;
    if (!opened.ok) opening = undefined;
    return opened;
  }

  async function open(): Promise<Result<Notes>> {
    const content = await document.read();
    const parsed = documentSchema.safeParse(content.ok ? content.value : undefined);
    const kept: Notes = {
      seen: new Map(parsed.success ? Object.entries(parsed.data) : []),
      since: new Set(),
    };
    const read = await notebook.each(({ id, value }) => {
      const entry = entrySchema.safeParse(value);
      if (entry.success) take(kept.seen, id, entry.data);
      kept.since.add(id);
    });
    written = kept.since.size;
    if (read.ok) others = read.value.others;
    return read.ok ? ok(kept) : read;
  }

  function keep(profileId: string, entry: Entry): Promise<Result<void>> {
    waiting.set(profileId, entry);
    // Whoever comes while the next writing waits for its turn goes with it.
    next ??= afterwards(writing).then(write);
    return next;
  }

  async function write(): Promise<Result<void>> {
    writing = next;
    next = undefined;
    const batch = waiting;
    waiting = new Map();
    isWriting = true;
    try {
      return await writeBatch(batch);
    } finally {
      isWriting = false;
    }
  }

  async function writeBatch(batch: ReadonlyMap<string, Entry>): Promise<Result<void>> {
    const opened = await notes("writer");
    if (!opened.ok) return opened;
    const { seen, since } = opened.value;
    for (const [id, entry] of batch) take(seen, id, entry);
    written += batch.size;
    if (written >= lines) return gather(opened.value);
    const added = await notebook.appendAll([...batch]);
    if (added.ok) for (const id of batch.keys()) since.add(id);
    return added.ok ? ok(undefined) : added;
  }

  /** Lines that outlast their document because the process was killed say again what it says. */
  async function gather({ seen, since }: Notes): Promise<Result<void>> {
    const whole = await document.write(Object.fromEntries(seen));
    if (!whole.ok) return whole;
    const emptied = await notebook.gather(since);
    if (!emptied.ok) return emptied;
    since.clear();
    written = 0;
    return ok(undefined);
  }

  return {
    async all() {
      const opened = await notes();
      const seen = opened.ok ? opened.value.seen : new Map<string, Seen>();
      if (waiting.size === 0) return seen;
      const all = new Map(seen);
      for (const [id, entry] of waiting) take(all, id, entry);
      return all;
    },
    note: keep,
    forget: (profileId) => keep(profileId, { forgotten: true }),
  };
}

interface Notes {
  readonly seen: Map<string, Seen>;
  /** Those that the notebook has lines of. */
  readonly since: Set<string>;
}

function take(seen: Map<string, Seen>, id: string, entry: Entry): void {
  if ("forgotten" in entry) seen.delete(id);
  else seen.set(id, entry);
}

/** When that has ended, well or not; at once is a turn later, so that what comes together is written together. */
async function afterwards(writing: Promise<unknown> | undefined): Promise<void> {
  await writing?.catch(() => undefined);
}
