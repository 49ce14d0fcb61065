import pg from "pg";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Query, StoreLink, StoreRow } from "#lib/stores/postgres/query.ts";

/** A way to the store's database without the product's own checks: for tests of what goes over it. */
export function plainLink(config: pg.PoolConfig, schema = "public"): StoreLink {
  const pool = new pg.Pool({
    ...config,
    max: 4,
    idleTimeoutMillis: 500,
    // A server that is not told of a lost connection gives its locks back by itself.
    options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=300 -c statement_timeout=3000`,
    types: { getTypeParser: () => (text: string) => text },
  });
  let ended: Promise<void> | undefined;
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));

  async function withClient<T>(work: (client: pg.PoolClient) => Promise<Result<T>>): Promise<Result<T>> {
    const client = await pool.connect().catch(() => undefined);
    if (client === undefined) return failed(problem("store-away"));
    const outcome = await work(client).catch((error: unknown) => error as Error);
    client.release(outcome instanceof Error || !outcome.ok);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  const queryOn =
    (client: pg.PoolClient): Query =>
    async (text, values = []) => {
      try {
        const { rows } = await client.query<StoreRow>(text, [...values]);
        return ok(rows);
      } catch (error) {
        return failed(problemOf(error));
      }
    };

  return {
    query: (text, values) => withClient((client) => queryOn(client)(text, values)),
    transaction: (work) =>
      withClient(async (client) => {
        const query = queryOn(client);
        const begun = await query("begin");
        if (!begun.ok) return failed(problem("store-away"));
        const worked = await work(query);
        if (!worked.ok) {
          const { sent: _, ...facts } = worked.problem.facts;
          return failed({ ...worked.problem, facts });
        }
        const committed = await query("commit");
        return committed.ok ? worked : committed;
      }),
    close: () => {
      ended ??= pool.end();
      return ended;
    },
  };
}

function problemOf(error: unknown) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["40001", "40P01", "23505"].includes(code)) return problem("store-conflict");
  if (/^(42501|42P01|42601|0A000)$/.test(code)) return problem("store-not-ready", { sqlstate: code });
  if (code === "57014") return problem("store-away", { why: code });
  if (/^[0-9A-Z]{5}$/.test(code) && !code.startsWith("57P")) throw error;
  return problem("store-away", { sent: true });
}
