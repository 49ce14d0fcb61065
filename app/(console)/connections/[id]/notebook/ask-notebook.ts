import { type Asked, refusedOf } from "../ask-connection.ts";

/**
 * Asks the history or the saved queries of a connection; ids stand in the address, what somebody has written in the body.
 * @returns also where the console is not reached
 */
export async function askNotebook<T>(
  connectionId: string,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<Asked<T>> {
  try {
    const answer = await fetch(`/api/connections/${encodeURIComponent(connectionId)}/${path}`, {
      method,
      cache: "no-store",
      ...(body !== undefined && {
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const told: unknown = await answer.json().catch(() => undefined);
    if (answer.ok && told !== undefined) return { ok: true, value: told as T };
    return { ok: false, refused: refusedOf(told, answer.status) };
  } catch {
    return { ok: false, refused: { why: "lost" } };
  }
}
