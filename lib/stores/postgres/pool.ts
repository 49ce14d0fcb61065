import "server-only";
import type { LiveConnection } from "#lib/connect/connect.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";

export interface PoolOptions {
  readonly open: () => Promise<Result<LiveConnection>>;
  /** How many connections there are at most. */
  readonly most: number;
  /** How long one is used before it is closed, ms: passwords and addresses change. */
  readonly lifeMs: number;
  /** How long one waits for the next use before it is closed, ms. */
  readonly idleMs: number;
  /** How long whoever asks waits for one, ms. */
  readonly patienceMs: number;
}

export interface Pool {
  /** @returns `store-away` or `store-busy` */
  take(): Promise<Result<Lent>>;
  /** Closes all that nobody uses: one of them was found dead, so the others may be. */
  drop(): void;
  /** Ends all connections, those in use as well. */
  close(): Promise<void>;
}

/** A connection of the pool, for one use. */
export interface Lent {
  readonly connection: LiveConnection;
  /** For how long nobody has used it, ms; 0 for a new one. */
  readonly restedMs: number;
  /** @param isGood whether somebody else may use it next */
  giveBack(isGood: boolean): void;
}

/** A few connections, opened when they are wanted. An idle one keeps no process alive. */
export function pool(options: PoolOptions): Pool {
  const idle: Held[] = [];
  const all = new Set<Held>();
  const waiting: ((found: Result<Lent>) => void)[] = [];
  let opening = 0;
  let closed = false;
  /** After a server could not be reached it is not tried again before this moment. */
  let away: { readonly until: number; readonly trouble: Problem; readonly pause: number } | undefined;

  async function take(): Promise<Result<Lent>> {
    if (closed) return failed(problem("store-away", { why: "closed" }));
    const rested = idle.pop();
    if (rested !== undefined) return ok(lend(rested));
    if (all.size + opening < options.most) return openOne();
    return new Promise((resolve) => {
      const settle = (found: Result<Lent>) => {
        clearTimeout(timer);
        resolve(found);
      };
      const timer = setTimeout(() => {
        const at = waiting.indexOf(settle);
        if (at !== -1) waiting.splice(at, 1);
        resolve(failed(problem("store-busy")));
      }, options.patienceMs);
      waiting.push(settle);
    });
  }

  async function openOne(): Promise<Result<Lent>> {
    if (away !== undefined && performance.now() < away.until) return failed(away.trouble);
    opening += 1;
    const opened = await options.open().finally(() => {
      opening -= 1;
    });
    if (!opened.ok) {
      const pause = Math.min(longestPause, (away?.pause ?? shortestPause / 2) * 2);
      const until = performance.now() + pause * (0.5 + Math.random() / 2);
      away = { until, trouble: opened.problem, pause };
      for (const settle of waiting.splice(0)) settle(opened);
      return opened;
    }
    away = undefined;
    const connection = opened.value;
    if (closed) {
      await connection.close();
      return failed(problem("store-away", { why: "closed" }));
    }
    const held: Held = { connection, openedAt: performance.now(), idleSince: undefined, timer: undefined };
    all.add(held);
    connection.socket.once("close", () => forget(held));
    return ok(lend(held));
  }

  function lend(held: Held): Lent {
    clearTimeout(held.timer);
    const restedMs = held.idleSince === undefined ? 0 : performance.now() - held.idleSince;
    held.connection.socket.ref();
    let isBack = false;
    return {
      connection: held.connection,
      restedMs,
      giveBack: (isGood) => {
        if (isBack) return;
        isBack = true;
        settleNext(held, isGood);
      },
    };
  }

  function settleNext(held: Held, isGood: boolean): void {
    const isOld = performance.now() - held.openedAt > options.lifeMs;
    if (closed || !isGood || isOld || !all.has(held)) {
      end(held);
      const next = waiting.shift();
      if (next !== undefined) void openOne().then(next);
      return;
    }
    held.idleSince = performance.now();
    const next = waiting.shift();
    if (next !== undefined) {
      next(ok(lend(held)));
      return;
    }
    held.connection.socket.unref();
    held.timer = setTimeout(() => end(held), options.idleMs).unref();
    idle.push(held);
  }

  function forget(held: Held): void {
    clearTimeout(held.timer);
    all.delete(held);
    const at = idle.indexOf(held);
    if (at !== -1) idle.splice(at, 1);
  }

  function end(held: Held): void {
    forget(held);
    // It says goodbye by itself, and never throws.
    void held.connection.close();
  }

  return {
    take,
    drop: () => {
      for (const held of [...idle]) end(held);
    },
    close: async () => {
      closed = true;
      for (const settle of waiting.splice(0)) settle(failed(problem("store-away", { why: "closed" })));
      const ending = [...all];
      for (const held of ending) forget(held);
      await Promise.all(ending.map(({ connection }) => connection.close()));
    },
  };
}

interface Held {
  readonly connection: LiveConnection;
  readonly openedAt: number;
  /** Undefined until it was given back once. */
  idleSince: number | undefined;
  timer: NodeJS.Timeout | undefined;
}

/** A server that cannot be reached is tried again after so long, twice as long each time. */
const shortestPause = 1_000;
const longestPause = 30_000;
