import type { ValueAsk } from "#lib/browse/ask.ts";
import { postTo, type Refused, refusedOf } from "../ask-connection.ts";

/** The most characters that a page takes of one value. */
const mostCharacters = 64 * 1024 * 1024;

export type WholeValue =
  | { readonly ok: true; readonly text: string | null }
  | { readonly ok: false; readonly why: "too-long" | "gone" }
  | { readonly ok: false; readonly why: "refused"; readonly refused: Refused };

/** Reads one whole value of one row. @throws only the signal's own reason */
export async function wholeValue(
  connectionId: string,
  ask: ValueAsk,
  signal: AbortSignal,
): Promise<WholeValue> {
  const response = await postTo(connectionId, "value", ask, signal);
  if (response === undefined) return { ok: false, why: "refused", refused: { why: "lost" } };
  if (response.status === 204) return { ok: true, text: null };
  if (response.status === 404) return { ok: false, why: "gone" };
  if (!response.ok || response.body === null) {
    const told: unknown = await response.json().catch(() => undefined);
    const refused = refusedOf(told, response.status);
    const isTooLong = refused.why === "server" && refused.trouble.expected !== undefined;
    return isTooLong ? { ok: false, why: "too-long" } : { ok: false, why: "refused", refused };
  }
  const pieces: string[] = [];
  let length = 0;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return { ok: true, text: pieces.join("") };
      length += value.length;
      if (length > mostCharacters) {
        await reader.cancel();
        return { ok: false, why: "too-long" };
      }
      pieces.push(value);
    }
  } catch {
    signal.throwIfAborted();
    return { ok: false, why: "refused", refused: { why: "lost" } };
  }
}
