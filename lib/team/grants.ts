import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Along } from "#lib/saved/profile-store.ts";
import type { Collection } from "#lib/vault/collection.ts";
import { type ConnectionGrants, type Level, levels } from "./access.ts";

const level = z.enum(levels);

/** Who may do what with the connections: one record for all, a few bytes each. Ids are those of users and connections. */
export const grantsMeta = z.strictObject({
  v: z.literal(1),
  /** What everybody else has of a connection that does not say it itself. */
  rest: level,
  connections: z.record(
    z.string(),
    z.strictObject({
      maker: z.string().nullable(),
      rest: level.optional(),
      people: z.record(z.string(), level).optional(),
    }),
  ),
});
export type GrantsMeta = z.infer<typeof grantsMeta>;

/** What is set for one connection. */
export interface SetGrants {
  /** Everybody else's; undefined follows the console's own. */
  readonly rest: Level | undefined;
  readonly people: ReadonlyMap<string, Level>;
}

/** All grants at one moment. Looking one up costs nothing. */
export interface GrantBook {
  /** The console's own, for whom a connection says nothing of. */
  readonly rest: Level;
  /** Nobody has said yet who may: a connection that was there before anybody could. */
  isOpen(connectionId: string): boolean;
  /** Of an open one everybody has what they had: they manage it. */
  of(connectionId: string): ConnectionGrants;
  /** As it was set, undefined for an open one. */
  set(connectionId: string): SetGrants | undefined;
}

/** The grants of a vault. Each may give what keeps it from being read or written. */
export interface Grants {
  /** The same book until something changes. Where what is kept does not open, nobody but owners has anything. */
  read(): Promise<Result<GrantBook>>;
  /** What is written with new connections: whoever makes them manages them. */
  starting(maker: string | null): Along;
  setDefault(rest: Level): Promise<Result<void>>;
  /** Says who may of one connection. The maker stays; whom nobody knows any more goes. */
  set(connectionId: string, given: SetGrants, isKnown: (userId: string) => boolean): Promise<Result<void>>;
  /** Gives open connections grants: everybody else has what the console says. Those that have some keep them. */
  tighten(connectionIds: readonly string[]): Promise<Result<void>>;
  /** Of connections that are gone for good. */
  forget(connectionIds: readonly string[]): Promise<Result<void>>;
}

/** What everybody else has of a new connection while no owner says otherwise. */
export const defaultRest: Level = "read";

/** @param records the vault's collection of grants */
export function grants(records: Collection<GrantsMeta>): Grants {
  let latest: { readonly of: GrantsMeta; readonly book: GrantBook } | undefined;

  function bookOf(meta: GrantsMeta): GrantBook {
    if (latest?.of !== meta) latest = { of: meta, book: makeBook(meta) };
    return latest.book;
  }

  async function change(edit: (before: GrantsMeta) => GrantsMeta): Promise<Result<void>> {
    const written = await records.put(recordId, (before = nothing) => edit(before));
    return written.ok ? ok(undefined) : written;
  }

  return {
    async read() {
      const found = await records.find(recordId);
      if (found.ok) return ok(bookOf(found.value?.meta ?? nothing));
      return found.problem.code === "vault-damaged" && found.problem.facts.reason === "record"
        ? ok(closedBook)
        : found;
    },
    starting: (maker) => (ids) =>
      records.putting(recordId, (before = nothing) =>
        withConnections(
          before,
          ids.map((id) => [id, { maker }]),
        ),
      ),
    setDefault: (rest) => change((before) => ({ ...before, rest })),
    set: (id, { rest, people }, isKnown) =>
      change((before) => {
        const known = [...people].filter(([userId]) => isKnown(userId));
        return withConnections(before, [
          [
            id,
            {
              maker: before.connections[id]?.maker ?? null,
              ...(rest !== undefined && { rest }),
              ...(known.length > 0 && { people: Object.fromEntries(known) }),
            },
          ],
        ]);
      }),
    tighten: (ids) =>
      change((before) =>
        withConnections(
          before,
          ids.filter((id) => !Object.hasOwn(before.connections, id)).map((id) => [id, { maker: null }]),
        ),
      ),
    forget: (ids) =>
      change((before) => {
        const gone = new Set(ids);
        const left = Object.entries(before.connections).filter(([id]) => !gone.has(id));
        return { ...before, connections: Object.fromEntries(left) };
      }),
  };
}

const recordId = "connections";
const nothing: GrantsMeta = { v: 1, rest: defaultRest, connections: {} };
type Entry = GrantsMeta["connections"][string];

function withConnections(before: GrantsMeta, entries: readonly (readonly [string, Entry])[]): GrantsMeta {
  return { ...before, connections: { ...before.connections, ...Object.fromEntries(entries) } };
}

const nobody: ReadonlyMap<string, Level> = new Map();
const open: ConnectionGrants = { maker: null, people: nobody, rest: "manage" };
const closed: ConnectionGrants = { maker: null, people: nobody, rest: "none" };
const closedBook: GrantBook = {
  rest: "none",
  isOpen: () => false,
  of: () => closed,
  set: () => ({ rest: "none", people: nobody }),
};

function makeBook({ rest, connections }: GrantsMeta): GrantBook {
  const byId = new Map<string, { readonly grants: ConnectionGrants; readonly set: SetGrants }>();
  for (const [id, entry] of Object.entries(connections)) {
    const people = entry.people === undefined ? nobody : new Map(Object.entries(entry.people));
    byId.set(id, {
      grants: { maker: entry.maker, people, rest: entry.rest ?? rest },
      set: { rest: entry.rest, people },
    });
  }
  return {
    rest,
    isOpen: (id) => !byId.has(id),
    of: (id) => byId.get(id)?.grants ?? open,
    set: (id) => byId.get(id)?.set,
  };
}
