import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import type { Asked } from "#app/_server/front-door.ts";
import { longAnswerHeaders } from "#app/_server/long-answer.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore } from "#app/_server/read-connection.ts";
import { site } from "#app/_server/request-origin.ts";
import type { AttemptMessage, TestAnswer } from "./attempt-message.ts";

/** Steps that follow each other so closely go together, ms: nobody sees them apart, and each piece costs its sending. */
const gatherMs = 20;
const nothingYet = Symbol("nothing yet");

/** A test's answer over HTTP: a stream of JSON lines, or one JSON object where it was not begun. */
export function attemptResponse(answer: TestAnswer, { headers: sent }: Asked): Response {
  if (answer.type === "stream")
    return new Response(gathered(answer.messages), { headers: longAnswerHeaders(sent, site()) });
  if (answer.type === "fields") return Response.json(answer, { status: 422, headers: noStore });
  const { status, headers } = problemResponse(answer.explained.problem);
  return Response.json(answer, { status, headers });
}

function gathered(messages: ReadableStream<AttemptMessage>): ReadableStream<Uint8Array> {
  const reader = messages.getReader();
  const encoder = new TextEncoder();
  /** Asked for and not there yet. */
  let coming: ReturnType<typeof reader.read> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(out) {
        let text = "";
        let late: Promise<typeof nothingYet> | undefined;
        for (;;) {
          coming ??= reader.read();
          const found = await (late === undefined ? coming : Promise.race([coming, late]));
          if (found === nothingYet) break;
          coming = undefined;
          if (found.done) {
            if (text !== "") out.enqueue(encoder.encode(text));
            out.close();
            return;
          }
          text += `${JSON.stringify(found.value)}\n`;
          late ??= pause(gatherMs, nothingYet, { ref: false });
        }
        out.enqueue(encoder.encode(text));
      },
      cancel: (why) => reader.cancel(why),
    },
    { highWaterMark: 1 },
  );
}
