import "server-only";
import type pg from "pg";
import type { ServerReport } from "#lib/wire/report.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";

/**
 * What the server says of the session: one question, one round trip. A server that refuses it (poolers, Aurora DSQL
 * and other relatives lack some of the functions) is asked its parts one by one; what it does not answer either is
 * what it told at the start of the session, or null. No refusal ends the connection.
 * @param client     signed in, not in a transaction
 * @param parameters the ParameterStatus messages of its start
 * @param fallback   what was asked for, where the server tells nothing
 */
export async function serverReport(
  client: pg.Client,
  parameters: ReadonlyMap<string, string>,
  fallback: { readonly user: string; readonly database: string; readonly pid: number },
): Promise<ServerReport> {
  const version = versionIn(parameters.get("server_version") ?? "");
  const row = (await ask(client, question(version))) ?? (await askParts(client));
  const [user, database, startedAt, readOnly, pid, ssl, sslVersion, cipher, clientDn] = row;
  return {
    version,
    user: serverText(user ?? parameters.get("session_authorization") ?? fallback.user),
    database: serverText(database ?? fallback.database),
    startedAt: timeIn(startedAt),
    superuser: flag(parameters.get("is_superuser")),
    readOnly: flag(readOnly) ?? isReadOnlyBy(parameters),
    backendPid: Number(pid ?? fallback.pid) || null,
    sees:
      ssl === undefined || ssl === null
        ? null
        : {
            ssl: flag(ssl) ?? false,
            version: sslVersion ? serverText(sslVersion) : null,
            cipher: cipher ? serverText(cipher) : null,
            clientDn: clientDn ? serverText(clientDn) : null,
          },
  };
}

type Row = readonly (string | null)[];

/**
 * Every name is written with its schema: the search path is the user's. `pg_stat_get_activity` is what the view
 * pg_stat_ssl reads; asked directly it saves a fresh session the view's definition. What the server has told
 * unasked is not asked for. The column of the client's name was renamed in version 12.
 */
function question(version: string): string {
  const clientDn = Number.parseInt(version, 10) < 12 ? "sslclientdn" : "ssl_client_dn";
  return `select current_user, pg_catalog.current_database(),
  extract(epoch from pg_catalog.pg_postmaster_start_time()), pg_catalog.current_setting('transaction_read_only'),
  s.pid, s.ssl, s.sslversion, s.sslcipher, s.${clientDn}
from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) as s`;
}

/** The same in parts that stand or fall alone, each with the number of its columns in the row above. */
const parts: readonly (readonly [columns: number, text: string])[] = [
  [2, "select current_user, current_database()"],
  [1, "select extract(epoch from pg_catalog.pg_postmaster_start_time())"],
  [1, "show transaction_read_only"],
  [1, "select pg_catalog.pg_backend_pid()"],
  [
    4,
    `select ssl, version, cipher, client_dn from pg_catalog.pg_stat_ssl
      where pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()`,
  ],
];

async function askParts(client: pg.Client): Promise<Row> {
  const row: (string | null)[] = [];
  for (const [columns, text] of parts) {
    const answer = (await ask(client, text)) ?? [];
    for (let column = 0; column < columns; column += 1) row.push(answer[column] ?? null);
  }
  return row;
}

/** Null where the server refuses the question. A lost connection is thrown. */
async function ask(client: pg.Client, text: string): Promise<Row | null> {
  try {
    const { rows } = await client.query<(string | null)[]>({ text, rowMode: "array" });
    return rows[0] ?? null;
  } catch (error) {
    if (isServerError(error) && error.severity !== "FATAL") return null;
    throw error;
  }
}

/** `18.4` of `18.4 (Debian 18.4-1.pgdg120+1)`. */
function versionIn(text: string): string {
  return serverText(text.split(" ")[0] ?? "");
}

/** Seconds since 1970, with a fraction. */
function timeIn(seconds: string | null | undefined): string | null {
  const ms = Number(seconds ?? Number.NaN) * 1000;
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null;
}

function isReadOnlyBy(parameters: ReadonlyMap<string, string>): boolean | null {
  if (parameters.get("in_hot_standby") === "on") return true;
  return flag(parameters.get("default_transaction_read_only"));
}

function flag(text: string | null | undefined): boolean | null {
  if (text === "on" || text === "t" || text === "true") return true;
  if (text === "off" || text === "f" || text === "false") return false;
  return null;
}
