import type { AttemptMessage } from "./attempt-message.ts";
import type { AskedTestAnswer } from "./attempt-state.ts";

/** What `POST /api/attempts/[id]/test` has answered; loaded with the first test. */
export async function readTestAnswer(response: Response): Promise<AskedTestAnswer> {
  const { body, headers, ok, status } = response;
  if (ok && body !== null && headers.get("content-type")?.includes("x-ndjson"))
    return { type: "stream", messages: messagesOf(body) };
  const answer: unknown = await response.json().catch(() => undefined);
  const { type, explained } = Object(answer) as Partial<
    Extract<AskedTestAnswer, { readonly type: "problem" }>
  >;
  if (type !== undefined) return answer as AskedTestAnswer;
  if (explained !== undefined) return { type: "problem", explained };
  // The gate has no words: it answers whoever comes.
  if (status === 401) return { type: "failed", failure: "signed-out" };
  // A console that does not know this way to test is another version than this page.
  return { type: "failed", failure: status === 404 || status === 405 ? "stale" : "lost" };
}

/** The messages of a stream of JSON lines. A line that is cut off by its end is none. */
function messagesOf(body: ReadableStream<Uint8Array>): ReadableStream<AttemptMessage> {
  const decoder = new TextDecoder();
  let rest = "";
  return body.pipeThrough(
    new TransformStream<Uint8Array, AttemptMessage>({
      transform(piece, out) {
        const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) out.enqueue(JSON.parse(line) as AttemptMessage);
      },
    }),
  );
}
