import type { ChangeAnswer, ChangeSet, Editable, LookUp, LookUpAsk } from "#lib/change/shapes.ts";
import { type Asked, postTo, type Refused, refusedOf } from "../ask-connection.ts";
import type { TableName } from "../place.ts";

/** What came back: an answer, a refusal, or nothing that tells what became of it. */
export type Heard =
  | { readonly heard: true; readonly answer: ChangeAnswer }
  | { readonly heard: true; readonly refused: Refused }
  | { readonly heard: false };

/** Asks for a set of changes to be tried, or applied. An answer that breaks off is none. */
export async function askChanges(connectionId: string, act: "try" | "apply", set: ChangeSet): Promise<Heard> {
  const response = await postTo(connectionId, `changes/${act}`, set);
  const told: unknown = await response?.json().catch(() => undefined);
  if (response === undefined || (response.ok && told === undefined)) return { heard: false };
  if (response.ok) return { heard: true, answer: told as ChangeAnswer };
  const refused = refusedOf(told, response.status);
  // Something on the way gave up, which is not the console's own refusal: nobody knows.
  const isUntold = refused.why === "console" && refused.explained === undefined && response.status >= 500;
  return isUntold ? { heard: false } : { heard: true, refused };
}

/** What can be changed in a table, or why not. */
export function askEditable(
  connectionId: string,
  { schema, table }: TableName,
  signal: AbortSignal,
): Promise<Asked<Editable>> {
  return ask(connectionId, "changes/editable", { schema, table }, signal);
}

/** Rows of the table that a foreign key refers to. */
export function askLookUp(
  connectionId: string,
  body: LookUpAsk,
  signal: AbortSignal,
): Promise<Asked<LookUp>> {
  return ask(connectionId, "look-up", body, signal);
}

async function ask<T>(
  connectionId: string,
  what: string,
  body: object,
  signal: AbortSignal,
): Promise<Asked<T>> {
  const response = await postTo(connectionId, what, body, signal);
  if (response === undefined) return { ok: false, refused: { why: "lost" } };
  const told: unknown = await response.json().catch(() => undefined);
  signal.throwIfAborted();
  if (response.ok && told !== undefined) return { ok: true, value: told as T };
  return { ok: false, refused: refusedOf(told, response.status) };
}
