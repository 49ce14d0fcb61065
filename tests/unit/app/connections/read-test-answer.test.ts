import { describe, expect, test } from "vitest";
import { readTestAnswer } from "#app/(console)/connections/attempt/read-test-answer.ts";

const ndjson = { "content-type": "text/x-ndjson; charset=utf-8" };

async function messagesOf(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      for (const piece of pieces) stream.enqueue(piece);
      stream.close();
    },
  });
  const answer = await readTestAnswer(new Response(body, { headers: ndjson }));
  if (answer.type !== "stream") throw new Error(answer.type);
  const told: unknown[] = [];
  for await (const message of answer.messages as unknown as AsyncIterable<unknown>) told.push(message);
  return told;
}

describe("a stream of lines", () => {
  const messages = [
    { type: "step-started", name: "dns" },
    { type: "note", text: "prêt, 準備好了" },
  ];
  const bytes = new TextEncoder().encode(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));

  test("is the same wherever it is taken apart", async () => {
    for (let at = 0; at <= bytes.length; at += 1)
      expect(await messagesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(messages);
  });

  test("a last line that is cut off is left out", async () => {
    expect(await messagesOf([bytes.subarray(0, -3)])).toEqual(messages.slice(0, 1));
  });
});

describe("what is no stream", () => {
  const explained = { problem: { code: "not-found", facts: {}, also: [] }, title: "t", cause: "c", fix: "f" };
  const json = (body: unknown, status: number) => Response.json(body, { status });
  test.each<[string, Response, unknown]>([
    [
      "the fields' problems",
      json({ type: "fields", problems: { fields: {} } }, 422),
      { type: "fields", problems: { fields: {} } },
    ],
    ["a problem", json({ type: "problem", explained }, 404), { type: "problem", explained }],
    ["a handler's problem", json({ problem: {}, explained }, 400), { type: "problem", explained }],
    ["the gate's 401", json({ problem: {} }, 401), { type: "failed", failure: "signed-out" }],
    ["another version's 404", new Response("<html>", { status: 404 }), { type: "failed", failure: "stale" }],
    ["another version's 405", new Response(null, { status: 405 }), { type: "failed", failure: "stale" }],
    ["a proxy's 502", new Response("<html>", { status: 502 }), { type: "failed", failure: "lost" }],
    ["a proxy's page", new Response("<html>"), { type: "failed", failure: "lost" }],
  ])("%s", async (_, response, told) => {
    expect(await readTestAnswer(response)).toEqual(told);
  });
});
