/** One session of a server, as `pg_stat_activity` tells of it. What the role may not see is null. */
export interface ServerSession {
  readonly pid: number;
  /** When it began, microseconds since 1970: a number of a process is given again. */
  readonly start: string | null;
  readonly database: string | null;
  readonly user: string | null;
  readonly application: string;
  readonly client: string | null;
  /** `client backend`, `autovacuum worker` …; null where the version does not tell. */
  readonly kind: string | null;
  readonly state: string | null;
  readonly waitType: string | null;
  readonly wait: string | null;
  /** For how long, ms: its transaction, its statement, its state. */
  readonly transactionMs: number | null;
  readonly statementMs: number | null;
  readonly stateMs: number | null;
  /** Its statement or the last one, cut, with passwords left out; null where it is not told. */
  readonly query: string | null;
  /** Whom it waits for; 0 is a prepared transaction. */
  readonly blockedBy: readonly number[];
  readonly whose: Whose | null;
}

/** A session of this console. */
export type Whose =
  /** Of whoever looks: one of their SQL tabs, or what their panes read by. */
  { readonly who: "you"; readonly tab: string | null } | { readonly who: "console" };

export interface ServerActivity {
  readonly sessions: readonly ServerSession[];
  /** How many there are; more than are listed where there are very many. */
  readonly total: number;
  /** Of how many the role may not see what they do. */
  readonly hidden: number;
  /** The server tells who waits for whom. */
  readonly tellsBlocking: boolean;
  /** Whether whoever looks may end what others do; else why not. */
  readonly mayEnd: "yes" | "read-access" | "production-locked";
  readonly readAt: string;
}

/** `cancel` ends the statement, `end` the session. */
export const endActs = ["cancel", "end"] as const;
export type EndAct = (typeof endActs)[number];

/** What became of it. */
export type EndOutcome =
  /** The server has passed it on. */
  | { readonly came: "sent" }
  /** There is no such session any more. */
  | { readonly came: "gone" }
  /** The server says no, in its own words. */
  | { readonly came: "denied" | "failed"; readonly message: string };
