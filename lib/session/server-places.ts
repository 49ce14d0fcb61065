import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { isServerError } from "#lib/wire/server-error.ts";

/**
 * How many sessions the console may hold at a server for one connection: a quarter of those that the server, the role
 * and the database have for ordinary users, so that its programs always find theirs; five at least, forty at most.
 * @param connection signed in, not in a transaction
 * @returns undefined where the server does not tell. Throws what the driver throws when the session is gone.
 */
export async function serverPlaces({ client, inbound }: LiveConnection): Promise<number | undefined> {
  inbound.startResult(64 * 1024);
  try {
    const { rows } = await client.query<[string | null]>({ text: question, rowMode: "array" });
    const all = Number(rows[0]?.[0] ?? Number.NaN);
    return Number.isInteger(all) ? shareOf(all) : undefined;
  } catch (error) {
    if (isServerError(error) && error.severity !== "FATAL") return undefined;
    throw error;
  }
}

/** @param all what there is; a role of very few keeps one for somebody else */
export function shareOf(all: number): number {
  const share = Math.min(40, Math.max(5, Math.floor(all / 4)));
  return Math.max(1, Math.min(share, all - 1));
}

/** `least` passes over NULL: a limit that is not set, or a setting that an older server does not have. */
const question = `select least(
  pg_catalog.current_setting('max_connections')::pg_catalog.int4
    operator(pg_catalog.-) pg_catalog.current_setting('superuser_reserved_connections')::pg_catalog.int4
    operator(pg_catalog.-) coalesce(pg_catalog.current_setting('reserved_connections', true)::pg_catalog.int4, 0),
  (select nullif(r.rolconnlimit, -1) from pg_catalog.pg_roles as r
    where r.rolname operator(pg_catalog.=) current_user),
  (select nullif(d.datconnlimit, -1) from pg_catalog.pg_database as d
    where d.datname operator(pg_catalog.=) pg_catalog.current_database()))`;
