import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { isServerError } from "#lib/wire/server-error.ts";

/**
 * The driver writes and reads UTF-8, whatever the session says of it: under another `client_encoding` the server would
 * store every sign beyond ASCII as other ones, and nothing would say so. Scripts set it (dumps of old databases do), so
 * what a statement has set is set back before the next one is sent. The server reports each change by itself.
 * @returns whether it was another one; throws when the connection is gone
 */
export async function keepEncoding({
  client,
  parameters,
}: Pick<LiveConnection, "client" | "parameters">): Promise<boolean> {
  const encoding = parameters.get("client_encoding");
  // A failed transaction takes back what was set in it.
  if (encoding === undefined || utf8.test(encoding) || client.getTransactionStatus() === "E") return false;
  try {
    await client.query("set client_encoding to 'UTF8'");
    return true;
  } catch (error) {
    if (isServerError(error)) return false;
    throw error;
  }
}

/** As relatives of PostgreSQL write it, too. */
const utf8 = /^(?:utf-?8|unicode)$/i;
