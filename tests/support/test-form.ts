import { readTestAnswer } from "#app/(console)/connections/attempt/read-test-answer.ts";

/** Has a form tried by the handler, as the page does; the headers are the browser's. */
export function formTester(sent: Headers) {
  return async (values: unknown, attemptId: string, connectionId?: string) => {
    const { POST } = await import("../../app/api/attempts/[id]/test/route.ts");
    const request = new Request(`http://${sent.get("host")}/api/attempts/${attemptId}/test`, {
      method: "POST",
      headers: sent,
      body: JSON.stringify({ values, connectionId }),
    });
    const answer = await readTestAnswer(await POST(request, { params: Promise.resolve({ id: attemptId }) }));
    if (answer.type === "failed") throw new Error(answer.failure);
    return answer;
  };
}
