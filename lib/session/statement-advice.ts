import { pasteAdvice } from "./paste-advice.ts";
import type { DoneEvent, StatementError } from "./run-events.ts";

/** What can be said of a statement's error beyond the server's own words: keys of `messages/<locale>/advice.json`. */
export const adviceIds = [
  "conflict-data",
  "conflict-schema",
  "serialization",
  "deadlock",
  "ddl-alone",
  "ddl-with-dml",
  "row-limit",
  "age-limit",
  "setting-fixed",
  "read-only",
  "read-only-block",
  "read-only-time",
  "psql-command",
  "copy-stdin",
  "odd-blank",
  "typographic-sign",
  "parameter",
] as const;
export type AdviceId = (typeof adviceIds)[number];

export interface Advice {
  readonly id: AdviceId;
  /** The same statement, or the same transaction, may well succeed when it is run anew. */
  readonly again: boolean;
}

/**
 * What an error asks of the person. By SQLSTATE; Aurora DSQL puts what it means into its messages, which are English.
 * https://docs.aws.amazon.com/aurora-dsql/latest/userguide/working-with-concurrency-control.html
 * https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html
 * @param readOnly whether the statement ran under the read-only switch
 * @param sql      the statement, where its text may tell more
 */
export function statementAdvice(
  { sqlstate, message }: Pick<StatementError, "sqlstate" | "message">,
  readOnly: boolean,
  sql = "",
): Advice | undefined {
  const id = pasteAdvice(sql, sqlstate) ?? found(sqlstate, message, readOnly);
  return id === undefined ? undefined : { id, again: worthAnother.has(id) };
}

/** What can be said of a statement that was done, beyond its tag: keys of `messages/<locale>/advice.json`. */
export const doneAdviceIds = ["no-effect", "listen-heard", "encoding-kept"] as const;
export type DoneAdviceId = (typeof doneAdviceIds)[number];

/**
 * What a statement did not do although the server took it. A read-only run is a transaction of its own, undone at its
 * end: what is set, begun, prepared, declared, locked or listened to in it is gone with it.
 * By the command tag, which is the same in every language of the server.
 */
export function doneAdvice(
  { tag, encodingKept }: Pick<DoneEvent, "tag" | "encodingKept">,
  readOnly: boolean,
): DoneAdviceId | undefined {
  if (encodingKept === true) return "encoding-kept";
  if (tag === null) return undefined;
  if (readOnly) return ofTheSession.test(tag) ? "no-effect" : undefined;
  return tag === "LISTEN" ? "listen-heard" : undefined;
}

/** The tags of what changes a session or its transaction and no row (src/include/tcop/cmdtaglist.h). */
const ofTheSession =
  /^(SET|RESET|BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PREPARE|DEALLOCATE|DECLARE CURSOR|CLOSE CURSOR|LISTEN|UNLISTEN|NOTIFY|LOCK TABLE|DISCARD|LOAD)\b/;

const worthAnother: ReadonlySet<AdviceId> = new Set([
  "conflict-data",
  "conflict-schema",
  "serialization",
  "deadlock",
]);

function found(sqlstate: string, message: string, readOnly: boolean): AdviceId | undefined {
  switch (sqlstate) {
    // Some clients give DSQL's own code in the SQLSTATE's place.
    case "OC000":
      return "conflict-data";
    case "OC001":
      return "conflict-schema";
    case "40001":
      if (/\bOC000\b/.test(message)) return "conflict-data";
      return /\bOC001\b/.test(message) ? "conflict-schema" : "serialization";
    case "40P01":
      return "deadlock";
    case "25006":
      return readOnly ? "read-only" : undefined;
    // It may not stand in a transaction, or wants to end its own: a read-only run is one.
    case "25001":
    case "2D000":
      return readOnly ? "read-only-block" : undefined;
    case "57014":
      return readOnly ? "read-only-time" : undefined;
    case "0A000":
    case "54000":
      return ruleOfDsql(message);
    default:
      return undefined;
  }
}

function ruleOfDsql(message: string): AdviceId | undefined {
  return dsqlRules.find(([words]) => words.test(message))?.[1];
}

const dsqlRules: readonly (readonly [RegExp, AdviceId])[] = [
  [/multiple ddl statements/i, "ddl-alone"],
  [/ddl and dml/i, "ddl-with-dml"],
  [/transaction row limit/i, "row-limit"],
  [/transaction age limit/i, "age-limit"],
  [/setting configuration parameter .* not supported/i, "setting-fixed"],
];
