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

/** Keeps the notes in a sealed document beside the records, apart from it: a test must not raise its revision. */
export function lastSeen(vault: Vault): LastSeen {
  const file = vault.document("last-seen");

  return {
    async all() {
      const content = await file.read();
      return new Map(Object.entries(content.ok ? parse(content.value) : {}));
    },
    note: (profileId, seen) => file.change((notes) => ({ ...parse(notes), [profileId]: seen })),
    forget: (profileId) =>
      file.change((notes) => {
        const { [profileId]: _, ...rest } = parse(notes);
        return rest;
      }),
  };
}

function parse(content: unknown): Record<string, Seen> {
  const parsed = documentSchema.safeParse(content);
  return parsed.success ? parsed.data : {};
}
