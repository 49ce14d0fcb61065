import type { Explained } from "#app/_server/answer.ts";
import type { PageTrouble } from "#lib/browse/shapes.ts";

/** What keeps an answer away. */
export type Refused =
  /** The server's own words. */
  | { readonly why: "server"; readonly trouble: PageTrouble }
  /** The console's words, where it has some. */
  | { readonly why: "console"; readonly explained: Explained | undefined; readonly status: number }
  /** It was not reached. */
  | { readonly why: "lost" };

export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refused: Refused };

/**
 * Asks one of a connection's routes; what is asked goes in the body, never in the address.
 * @returns also where the console is not reached. @throws only the signal's own reason
 */
export async function askConnection<T>(
  connectionId: string,
  what: "relations" | "table" | "result-tables" | "rows" | "count" | "history" | "picture",
  body: object,
  signal?: AbortSignal,
): Promise<Asked<T>> {
  const response = await postTo(connectionId, what, body, signal);
  if (response === undefined) return { ok: false, refused: { why: "lost" } };
  const told: unknown = await response.json().catch(() => undefined);
  signal?.throwIfAborted();
  if (response.ok && told !== undefined) return { ok: true, value: told as T };
  return { ok: false, refused: refusedOf(told, response.status) };
}

/** @returns undefined where the console is not reached */
export async function postTo(
  connectionId: string,
  what: string,
  body: object,
  signal?: AbortSignal,
): Promise<Response | undefined> {
  try {
    return await fetch(`/api/connections/${encodeURIComponent(connectionId)}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      ...(signal === undefined ? {} : { signal }),
    });
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** 422 comes with what the server itself has said. */
export function refusedOf(told: unknown, status: number): Refused {
  if (status === 422) return { why: "server", trouble: told as PageTrouble };
  const { explained } = (told ?? {}) as { explained?: Explained };
  return { why: "console", explained, status };
}
