import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Collection } from "#lib/vault/collection.ts";

/** The connections that one person has at hand: a record a user, of their id. */
export const favouritesMeta = z.strictObject({ v: z.literal(1), connections: z.array(z.string()) });
export type FavouritesMeta = z.infer<typeof favouritesMeta>;

/** Each user's favourites, sealed like everything else. */
export interface Favourites {
  /** Ids of connections; empty where the record does not open. Who may see them is asked by whoever calls. */
  of(userId: string): Promise<Result<ReadonlySet<string>>>;
  /** @param isKnown says of an id whether it is still there: what is not goes with the writing */
  set(
    userId: string,
    connectionIds: readonly string[],
    on: boolean,
    isKnown: (connectionId: string) => boolean,
  ): Promise<Result<void>>;
}

/** @param records the vault's collection of favourites */
export function favourites(records: Collection<FavouritesMeta>): Favourites {
  return {
    async of(userId) {
      const found = await records.find(userId);
      if (found.ok) return ok(new Set(found.value?.meta.connections));
      const { code, facts } = found.problem;
      return code === "vault-damaged" && facts.reason === "record" ? ok(new Set()) : found;
    },
    async set(userId, ids, on, isKnown) {
      const written = await records.put(userId, (before) => {
        const others = (before?.connections ?? []).filter((id) => !ids.includes(id) && isKnown(id));
        return { v: 1, connections: on ? [...others, ...ids] : others };
      });
      return written.ok ? ok(undefined) : written;
    },
  };
}
