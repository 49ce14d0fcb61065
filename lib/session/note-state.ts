import "server-only";
import { holdsNothing } from "./held.ts";
import type { PooledSession } from "./pooled-session.ts";
import { sessionState } from "./session-state.ts";

/**
 * Asks what a session holds after a run, and notes it with the session. Not inside a transaction: what it holds is then
 * what it held before, and the transaction. Nor where a pooler gives each transaction another server session: nothing
 * of it is this tab's.
 * @param sql what was run
 * @returns whether the server has answered; throws when the connection is gone
 */
export async function noteState({ connection, learned }: PooledSession, sql: string): Promise<boolean> {
  learned.ownSettings = withOwnSettings(learned.ownSettings, sql);
  if (learned.shared || connection.client.getTransactionStatus() !== "I") return false;
  const found = await sessionState(connection, learned.stateParts, [...learned.ownSettings]);
  if (found === undefined) return false;
  learned.stateParts = found.parts;
  const { held, backendPid } = found.state;
  const expected = learned.answeredBy ?? connection.backend.pid;
  learned.shared = backendPid !== null && backendPid !== expected;
  learned.answeredBy = backendPid;
  learned.held = learned.shared ? holdsNothing : held;
  return true;
}

/**
 * A setting of a made-up name, `app.tenant`, stands in no catalogue, though row security may hang on it; it can only be
 * asked for by name. So names are taken from what was run: this only decides what is asked, never what may be done.
 */
function withOwnSettings(known: ReadonlySet<string>, sql: string): ReadonlySet<string> {
  const found = [...sql.slice(0, longestSearched).matchAll(ownSetting)].flatMap(
    ([, set, config]) => set ?? config ?? [],
  );
  return found.length === 0 ? known : new Set([...known, ...found].slice(0, mostNames));
}

const ownSetting =
  /\bset\s+(?:session\s+)?([a-z_][\w$]*(?:\.[a-z_][\w$]*)+)\s*(?:=|\bto\b)|\bset_config\s*\(\s*'([a-z_][\w$]*(?:\.[a-z_][\w$]*)+)'/gi;
const longestSearched = 100_000;
const mostNames = 50;
