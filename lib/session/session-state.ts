import "server-only";
import { type Held, holdsNothing } from "./held.ts";
import type { CatalogueConnection } from "./query.ts";
import { factLimits, query } from "./query.ts";
import type { QueryAnswer, QueryRow } from "./query-answer.ts";
import { arrayText, statement } from "./statement.ts";

/** What a session was found to be at one moment. */
export interface FoundState {
  readonly held: Held;
  /** The backend that answered; null where it is not told. */
  readonly backendPid: number | null;
  /** Names of the settings that a session may change, as its role may read them. */
  readonly settingNames: readonly string[];
}

/** A part of the question that stands or falls alone. */
export type StatePart = keyof typeof parts;

/**
 * Asks a session what it holds that would be lost with it, in one question: temporary objects, prepared statements,
 * cursors, channels, advisory locks, settings but the console's own, the role. To be asked outside of a transaction:
 * inside one, a question would be the transaction's first and fix its snapshot, or be refused in a failed one.
 * A part that a relative of PostgreSQL refuses is left out from then on, and costs no connection.
 *
 * The person's search path stays in force, since it is asked for: every name below is written with its schema.
 * @param asked      the parts that are taken, as an earlier call gave them; undefined before the first
 * @param ownSettings names of settings of the person's own making, `app.tenant`, which no catalogue lists
 * @returns undefined where the server was too slow; throws when the connection is gone
 */
export async function sessionState(
  connection: CatalogueConnection,
  asked: readonly StatePart[] | undefined,
  ownSettings: readonly string[],
): Promise<{ readonly state: FoundState; readonly parts: readonly StatePart[] } | undefined> {
  const wanted = asked ?? everyPart;
  if (wanted.length === 0)
    return { state: { held: holdsNothing, backendPid: null, settingNames: [] }, parts: wanted };
  let answer = await ask(connection, wanted, ownSettings);
  // A cancellation that came too late for a statement hits the question after it: once, and then it is spent.
  if (!answer.ok && answer.trouble.why === "timeout") answer = await ask(connection, wanted, ownSettings);
  if (answer.ok) return { state: stateOf(answer.value), parts: wanted };
  if (answer.trouble.why === "timeout" || asked !== undefined) return undefined;
  const taken: StatePart[] = [];
  const rows: QueryRow[] = [];
  for (const part of everyPart) {
    const alone = await ask(connection, [part], ownSettings);
    if (!alone.ok) continue;
    taken.push(part);
    rows.push(...alone.value);
  }
  return { state: stateOf(rows), parts: taken };
}

function ask(
  connection: CatalogueConnection,
  wanted: readonly StatePart[],
  ownSettings: readonly string[],
): Promise<QueryAnswer<readonly QueryRow[]>> {
  // The parameter stands in one part only: where that is not asked, there is none.
  const values = wanted.includes("own") ? [arrayText(ownSettings)] : [];
  const text = wanted.map((part) => parts[part]).join("\nunion all\n");
  return query(connection, statement(text, ...values), {
    ...factLimits,
    bytes: 256 * 1024,
    searchPath: "kept",
  });
}

function stateOf(rows: readonly QueryRow[]): FoundState {
  const of = (part: string) =>
    rows.flatMap(([name, value]) => (name === part ? [(value ?? "").slice(0, longestName)] : []));
  const settings = [...of("setting").filter((name) => !ours.has(name)), ...of("own")];
  return {
    held: {
      temporary: Number(of("temporary")[0] ?? 0),
      prepared: Number(of("prepared")[0] ?? 0),
      cursors: Number(of("cursors")[0] ?? 0),
      channels: Number(of("channels")[0] ?? 0),
      locks: Number(of("locks")[0] ?? 0),
      settings: settings.slice(0, mostNames),
      searchPath: settings.includes("search_path") ? (of("path")[0] ?? null) : null,
      role: of("role")[0] ?? null,
    },
    backendPid: Number(of("pid")[0] ?? 0) || null,
    settingNames: [...of("setting"), ...of("name")],
  };
}

const longestName = 200;
const mostNames = 50;

/** What a run sets for itself; the transaction's own come from the frame of the question. */
const ours: ReadonlySet<string> = new Set([
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
  "transaction_read_only",
  "transaction_isolation",
  "transaction_deferrable",
]);

const count = "pg_catalog.count(*)::pg_catalog.text";

const parts = {
  pid: "select 'pid', pg_catalog.pg_backend_pid()::pg_catalog.text",
  // All that was made in the session's own schema depends on it; a sequence that belongs to a column is not counted.
  temporary: `select 'temporary', ${count} from pg_catalog.pg_depend as d
 where d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid
   and d.refobjid operator(pg_catalog.=) pg_catalog.pg_my_temp_schema()
   and not exists (select from pg_catalog.pg_depend as o
                    where o.classid operator(pg_catalog.=) d.classid and o.objid operator(pg_catalog.=) d.objid
                      and o.deptype operator(pg_catalog.=) any ('{a,i}'::pg_catalog."char"[]))`,
  prepared: `select 'prepared', ${count} from pg_catalog.pg_prepared_statements as p where p.from_sql`,
  // The one through which this is asked is none of the person's; outside of a transaction only these are left.
  cursors: `select 'cursors', ${count} from pg_catalog.pg_cursors as c where c.is_holdable`,
  channels: `select 'channels', ${count} from pg_catalog.pg_listening_channels()`,
  locks: `select 'locks', ${count} from pg_catalog.pg_locks as l
 where l.locktype operator(pg_catalog.=) 'advisory'
   and l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()`,
  settings: `select case when s.source operator(pg_catalog.=) 'session'
   and s.setting operator(pg_catalog.<>) s.reset_val then 'setting' else 'name' end, s.name
  from pg_catalog.pg_settings as s
 where s.context operator(pg_catalog.=) any ('{user,superuser}')
    or s.source operator(pg_catalog.=) 'session'`,
  path: "select 'path', pg_catalog.current_setting('search_path')",
  role: `select 'role', current_user::pg_catalog.text where current_user operator(pg_catalog.<>) session_user`,
  // SET SESSION AUTHORIZATION changes both users; who signed in stands with the backend.
  login: `select 'role', session_user::pg_catalog.text
  from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) as a
  join pg_catalog.pg_roles as r on r.oid operator(pg_catalog.=) a.usesysid
 where r.rolname operator(pg_catalog.<>) session_user`,
  own: `select 'own', n from pg_catalog.unnest($1::pg_catalog.text[]) as n
 where pg_catalog.current_setting(n, true) operator(pg_catalog.<>) ''`,
} as const;

const everyPart = Object.keys(parts) as readonly StatePart[];
