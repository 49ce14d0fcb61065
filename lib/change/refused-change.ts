import "server-only";
import type { ServerError } from "#lib/wire/server-error.ts";
import { serverText } from "#lib/wire/server-text.ts";
import type { ChangeAnswer } from "./shapes.ts";

/** A change, or with null the whole set, that the server refused: in its own words, which only the person sees. */
export function refusedChange(change: number | null, error: ServerError): ChangeAnswer {
  const { code = "", message, detail, hint, column, constraint } = error;
  const texts = { detail, hint, column, constraint };
  return {
    outcome: "refused",
    change,
    error: {
      sqlstate: code,
      message: serverText(message),
      ...Object.fromEntries(
        Object.entries(texts).flatMap(([name, text]) =>
          text === undefined ? [] : [[name, serverText(text)]],
        ),
      ),
    },
    again: mayGoNext.test(code),
  };
}

/**
 * Another was in the way, and the set may go the next time: a serialization failure, a deadlock, a lock that was waited for
 * too long; and Aurora DSQL's own codes for the first.
 */
const mayGoNext = /^(?:40001|40P01|55P03|OC\d{3})$/;
