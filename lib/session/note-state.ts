import "server-only";
import { holdsNothing } from "./held.ts";
import type { PooledSession } from "./pooled-session.ts";
import { cutAfter, factLimits } from "./query.ts";
import { limitsSet } from "./run-frame.ts";
import { runLimits } from "./run-limits.ts";
import { askForMark, hasOwnSchema, limitsIn, type MarkAnswer, type MarkQuestion } from "./session-mark.ts";
import { sessionState } from "./session-state.ts";

/**
 * Asks what a session holds after a run, and notes it with the session. Not inside a transaction: what it holds is then
 * what it held before, and the transaction. Nor where a pooler gives each transaction another server session: nothing
 * of it is this tab's.
 * @param sql what was run
 * @param asked the question for its mark, where it went along with the run: see `askBehind`
 * @returns whether the server has answered; throws when the connection is gone
 */
export async function noteState(session: PooledSession, sql: string, asked?: MarkQuestion): Promise<boolean> {
  const { connection, learned } = session;
  learned.ownSettings = withOwnSettings(learned.ownSettings, sql);
  const given = asked === undefined ? undefined : await answerOf(session, asked);
  if (learned.shared || connection.client.getTransactionStatus() !== "I") return false;
  if (learned.mark) {
    const now =
      asked === undefined ? await answerOf(session, askForMark(connection, namesFor(session))) : given;
    if (now === "refused") learned.mark = null;
    // To give a limit back may change nothing of its value, but whose it is.
    else if (now !== undefined && now === learned.mark.text && !givesBack.test(sql)) return true;
  }
  const found = await sessionState(connection, learned.stateParts, [...learned.ownSettings]);
  if (found === undefined) return false;
  learned.stateParts = found.parts;
  const { held, backendPid, settingNames } = found.state;
  const expected = learned.answeredBy ?? connection.backend.pid;
  learned.shared = backendPid !== null && backendPid !== expected;
  learned.answeredBy = backendPid;
  learned.held = learned.shared ? holdsNothing : held;
  if (learned.mark !== null && !learned.shared)
    await setMark(session, held.temporary > 0 ? [] : settingNames);
  noteLimits(session, sql);
  return true;
}

/**
 * The console's own limits stand in the frame of the question for all else, so they are read from the mark. One that the
 * person has set is held as any other setting is; where RESET or DISCARD took the console's away, the next run sets it
 * again.
 */
function noteLimits(session: PooledSession, sql: string): void {
  const { learned } = session;
  const expected = limitsSet(session);
  if (!learned.mark || expected === undefined) return;
  const found = limitsIn(learned.mark.text);
  const own = runLimits.filter(
    (name, index) => found[index] !== undefined && found[index] !== expected[name],
  );
  if (own.length === 0) return;
  if (givesBack.test(sql)) learned.timeoutMs = undefined;
  else learned.held = { ...learned.held, settings: [...learned.held.settings, ...own] };
}

/** Comments before it aside. */
const givesBack = /^(?:\s|--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:reset|discard)\b/i;

/**
 * Asks for the session's mark in the packet that ends a run, so that it costs no round trip of its own. Only where that
 * run can have left no transaction open: the question would be part of it.
 * @param tag of the statement that is ending
 */
export function askBehind(session: PooledSession, sql: string, tag: string): MarkQuestion | undefined {
  const { connection, learned } = session;
  // The status is of before the statement: where there was no transaction, only these two begin one.
  const isOutside =
    connection.client.getTransactionStatus() === "I" && tag !== "BEGIN" && tag !== "START TRANSACTION";
  if (!isOutside || learned.shared || !learned.mark) return undefined;
  learned.ownSettings = withOwnSettings(learned.ownSettings, sql);
  return askForMark(connection, namesFor(session));
}

/** Waits for an answer; where none comes, the connection is cut. */
async function answerOf({ connection }: PooledSession, { answer }: MarkQuestion): Promise<MarkAnswer> {
  const stop = cutAfter(connection.socket, factLimits);
  return answer.finally(stop);
}

function namesFor({ learned }: PooledSession): readonly string[] {
  const { mark, ownSettings } = learned;
  return [...(mark?.names ?? []), ...ownSettings];
}

/** Takes the mark by which the next run finds that nothing has changed. */
async function setMark(session: PooledSession, names: readonly string[]): Promise<void> {
  const { connection, learned } = session;
  learned.mark = undefined;
  if (names.length === 0) return;
  const text = await answerOf(session, askForMark(connection, [...names, ...learned.ownSettings]));
  if (text === "refused") learned.mark = null;
  else if (text !== undefined && !hasOwnSchema(text)) learned.mark = { names, text };
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
