import "server-only";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { enterRun, learnLimits, leaveReadOnlyRun } from "#lib/session/run-frame.ts";
import type { Setting } from "#lib/session/run-limits.ts";
import { isServerError } from "#lib/wire/server-error.ts";
import { rollBackOpen } from "#lib/wire/settled-status.ts";

/** What a plan is asked for in, so that nothing of it stays. */
export interface PlanFrame {
  /** @returns the error that forbids it */
  enter(): Promise<Error | undefined>;
  /** @returns whether the session is as it was before; if not, it must be closed */
  leave(): Promise<boolean>;
  /** What was prepared in it is there afterwards, too. */
  readonly keepsPrepared: boolean;
}

interface Ask {
  readonly writes: boolean;
  readonly timeoutMs: number;
}

/**
 * Of a session that rests: a read-only transaction as any read-only run has, or one that may write; both are rolled
 * back. Of one whose transaction the person has open: a savepoint of that, which is rolled back to.
 */
export function planFrame(session: PooledSession, ask: Ask): PlanFrame {
  const { client } = session.connection;
  if (client.getTransactionStatus() !== "I") return savepointFrame(session, ask);
  if (ask.writes) return rollbackFrame(session, ask);
  return {
    enter: () => enterRun(session, { readOnly: true, timeoutMs: ask.timeoutMs }),
    leave: () => leaveReadOnlyRun(session, null),
    keepsPrepared: session.keeps,
  };
}

/** How long what is measured waits for a lock, ms: meanwhile others wait for those that it has. */
const lockTimeoutMs = 2_000;
const idleMs = 60_000;

function limitsOf({ timeoutMs }: Ask, taken: readonly Setting[]): readonly string[] {
  const values = {
    statement_timeout: Math.trunc(timeoutMs),
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleMs,
  } as const satisfies Readonly<Record<Setting, number>>;
  return taken.map((name) => `set local ${name} = ${values[name]}`);
}

const everySetting: readonly Setting[] = [
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
];

function rollbackFrame(session: PooledSession, ask: Ask): PlanFrame {
  const { client } = session.connection;
  const begin = async () => {
    const taken = session.learned.limits?.settings ?? everySetting;
    for (const text of ["begin transaction read write", ...limitsOf(ask, taken)]) await client.query(text);
  };
  return {
    async enter() {
      try {
        await begin();
        return undefined;
      } catch (error) {
        if (!isServerError(error)) return error as Error;
      }
      // A relative that does not take all of it: what it takes is found once, and asked for.
      try {
        await rollBackOpen(client);
        await learnLimits(session, { readOnly: false, timeoutMs: ask.timeoutMs });
        await begin();
        return undefined;
      } catch (error) {
        return error as Error;
      }
    },
    leave: () => succeeds(client.query("rollback")),
    keepsPrepared: true,
  };
}

function savepointFrame(session: PooledSession, ask: Ask): PlanFrame {
  const { client } = session.connection;
  const leave = async () => {
    const back = `rollback to savepoint ${name}`;
    // A cancellation that came too late hits one statement.
    if (!(await succeeds(client.query(back))) && !(await succeeds(client.query(back)))) return false;
    return succeeds(client.query(`release savepoint ${name}`));
  };
  return {
    async enter() {
      const taken = session.learned.limits?.settings ?? everySetting;
      // After a query, `SET TRANSACTION READ WRITE` is refused.
      const readOnly = ask.writes ? [] : ["set local transaction_read_only = on", "select 1"];
      try {
        for (const text of [`savepoint ${name}`, ...limitsOf(ask, taken), ...readOnly])
          await client.query(text);
        return undefined;
      } catch (error) {
        return error as Error;
      }
    },
    leave,
    keepsPrepared: true,
  };
}

/** Savepoints of one name hide each other: the person's own of that name are there again once ours is released. */
const name = '"cloak-db plan"';

async function succeeds(query: Promise<unknown>): Promise<boolean> {
  try {
    await query;
    return true;
  } catch {
    return false;
  }
}
