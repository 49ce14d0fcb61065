import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { noStore, readAnswer, readTable, refusal, troubleResponse } from "#app/_server/read-connection.ts";
import { valueAsk } from "#lib/browse/ask.ts";
import { wholeValue } from "#lib/browse/whole-value.ts";
import { problem } from "#lib/problems/problem.ts";

/**
 * One whole value as text, in pieces as the server writes them: 200; 204 for NULL, 404 where the row has gone, 422 with a
 * `PageTrouble` for what the server refuses, `expected` its bytes where it is too long to be shown. An answer that breaks
 * off is a failed one, never a short one.
 */
export async function POST(
  request: Request,
  { params }: { readonly params: Promise<{ readonly id: string }> },
): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, valueAsk, 1024 * 1024);
  if (!body.ok) return problemResponse(body.problem);
  const ask = body.value;
  return readTable(actor, (await params).id, request, ask, async (session, table, control) => {
    const found = await wholeValue(session, table, ask, control);
    if (!found.ok) return readAnswer(found);
    switch (found.value.kind) {
      case "null":
        return new Response(null, { status: 204, headers: noStore });
      case "gone":
        return refusal(problem("not-found"));
      case "too-long":
        return troubleResponse({ filter: null, sqlstate: "54000", message: "", expected: found.value.bytes });
      case "text":
        return new Response(bytesOf(found.value.pieces), {
          headers: { ...noStore, "Content-Type": "text/plain; charset=utf-8" },
        });
    }
  });
}

function bytesOf(pieces: AsyncGenerator<string, void, void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return();
    },
  });
}
