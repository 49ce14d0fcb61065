import "server-only";
import type { NoticeMessage } from "pg-protocol/dist/messages";
import type { ServerError } from "#lib/wire/server-error.ts";
import type { Notice, StatementError } from "./run-events.ts";

/** A message of the server beside the result. */
export function noticeOf(message: NoticeMessage): Notice {
  return {
    severity: clip(message.severity ?? ""),
    warning: isWarning(message),
    sqlstate: message.code ?? "",
    message: clip(message.message ?? ""),
    ...(message.detail === undefined ? {} : { detail: clip(message.detail) }),
    ...(message.hint === undefined ? {} : { hint: clip(message.hint) }),
    ...(message.where === undefined ? {} : { where: clip(message.where) }),
  };
}

/**
 * The word for it is in the server's language, and the one that is not does not reach us by the driver: class 01 is
 * "warning" in each, and some other codes come with no notice.
 */
function isWarning({ severity, code = "" }: NoticeMessage): boolean {
  return severity === "WARNING" || code.startsWith("01") || warningCodes.has(code);
}

/** A transaction that is open already, or is none (COMMIT, SET LOCAL); a backslash in a plain text. */
const warningCodes: ReadonlySet<string> = new Set(["25001", "25P01", "22P06"]);

/** An error of the server, field by field. */
export function errorOf(error: ServerError): StatementError {
  const texts = {
    detail: error.detail,
    hint: error.hint,
    where: error.where,
    internalQuery: error.internalQuery,
    schema: error.schema,
    table: error.table,
    column: error.column,
    dataType: error.dataType,
    constraint: error.constraint,
    routine: error.routine,
  };
  const numbers = { position: error.position, internalPosition: error.internalPosition };
  return {
    severity: clip(error.severity),
    sqlstate: error.code ?? "",
    message: clip(error.message),
    ...Object.fromEntries(
      Object.entries(texts)
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .map(([name, text]) => [name, clip(text)]),
    ),
    ...Object.fromEntries(
      Object.entries(numbers)
        .map(([name, text]) => [name, Number(text)] as const)
        .filter(([, number]) => Number.isSafeInteger(number) && number > 0),
    ),
  };
}

/** What a server says is data: shown as text, and never without end. */
function clip(text: string): string {
  return text.length <= textCap ? text : `${text.slice(0, textCap)}…`;
}

/** Characters of one field. */
const textCap = 10_000;
