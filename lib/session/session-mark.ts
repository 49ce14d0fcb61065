import "server-only";
import { isServerError } from "#lib/wire/server-error.ts";
import { PortalQuery } from "./portal-query.ts";
import type { CatalogueConnection } from "./query.ts";
import { factLimits } from "./query.ts";
import type { QueryRow } from "./query-answer.ts";
import { runLimits } from "./run-limits.ts";
import { arrayText, statement } from "./statement.ts";

/** What a session's answer was when it was last asked in full what it holds. */
export interface SessionMark {
  /** Names of the settings that count. */
  readonly names: readonly string[];
  readonly text: string;
}

/** A question that is under way. */
export interface MarkQuestion {
  /** For `behind` of a statement; to be given to the client, too. */
  readonly portal: PortalQuery;
  /** Never rejects. */
  readonly answer: Promise<MarkAnswer>;
}

/** The mark; `refused` by a server that does not take the question; undefined where there was no answer. */
export type MarkAnswer = string | undefined;

/**
 * Asks a session for a text that is another one whenever what `sessionState` finds may be: a fifth of its cost, in one
 * packet, with nothing planned but function calls. It runs no function but the system's, each under its schema, and
 * takes no lock that anybody could hold, so it needs no frame. Who asks sees to it that no transaction is open.
 *
 * Objects in the session's own schema are not counted here: a session that has one is asked in full each time.
 * @param names of the settings that count: those that a session may change and this role may read, and the person's own
 */
export function askForMark({ client }: CatalogueConnection, names: readonly string[]): MarkQuestion {
  let settle: (answer: MarkAnswer) => void = () => undefined;
  const answer = new Promise<MarkAnswer>((resolve) => {
    settle = resolve;
  });
  let row: QueryRow | undefined;
  const portal = new PortalQuery(
    statement(question, arrayText([...names, libraryMark])),
    { firstBatch: 0, byteCap: factLimits.bytes },
    (step) => {
      if (step.type === "batch") row = step.rows[0];
      else if (step.type === "end") settle(row?.join("\n"));
      // 57014: a cancellation that came too late for the statement, or a limit of the person's own.
      else if (step.type === "error")
        settle(isServerError(step.error) && step.error.code !== "57014" ? "refused" : undefined);
    },
  );
  client.query(portal);
  return { portal, answer };
}

/** Whether a mark says that objects may stand in the session's own schema. */
export function hasOwnSchema(mark: string): boolean {
  return !mark.startsWith("0\n");
}

/** What a mark says of the limits that the console sets for itself, in the order of `runLimits`; undefined where it does not. */
export function limitsIn(mark: string): readonly (number | undefined)[] {
  return mark.split("\n").slice(-runLimits.length).map(milliseconds);
}

/** As `SHOW` writes it: `5min`, `310s`, `0`. */
function milliseconds(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+)(ms|s|min|h|d)?$/.exec(text) ?? [];
  return number === "" ? undefined : Number(number) * (units[unit] ?? 1);
}

const units: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Settings of a language's library come with its first function, and then this is one: the names are read anew. */
const libraryMark = "plpgsql.variable_conflict";

const question = `select pg_catalog.pg_my_temp_schema()::pg_catalog.text,
 pg_catalog.pg_backend_pid()::pg_catalog.text, session_user::pg_catalog.text, current_user::pg_catalog.text,
 (select pg_catalog.count(*) from pg_catalog.pg_prepared_statement() as p where p.from_sql),
 (select pg_catalog.count(*) from pg_catalog.pg_cursor() as c where c.is_holdable),
 (select pg_catalog.count(*) from pg_catalog.pg_listening_channels()),
 (select pg_catalog.count(*) from pg_catalog.pg_lock_status() as l
   where l.locktype operator(pg_catalog.=) 'advisory'
     and l.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid()),
 pg_catalog.md5(array(select pg_catalog.current_setting(n, true)
   from pg_catalog.unnest($1::pg_catalog.text[]) as n)::pg_catalog.text),
 ${runLimits.map((name) => `pg_catalog.current_setting('${name}', true)`).join(", ")}`;
