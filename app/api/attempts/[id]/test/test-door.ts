import "server-only";
import { z } from "zod";
import { isAttemptId } from "#app/_server/attempts.ts";
import type { Asked, FrontDoor } from "#app/_server/front-door.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { refusal } from "#app/_server/read-connection.ts";
import { attemptResponse } from "#app/(console)/connections/attempt/attempt-response.ts";
import { testForm } from "#app/(console)/connections/attempt/test-form.ts";
import { problem } from "#lib/problems/problem.ts";
import type { Actor } from "#lib/team/access.ts";

/** A server nearby takes less time to connect than the framework takes to ask for it. */
export const testDoor: FrontDoor = {
  method: "POST",
  target: /^\/api\/attempts\/([\w-]+)\/test$/,
  guard: ["connections:test"],
  answer: (actor, asked, [id = ""]) => tryForm(actor, asked, id),
};

/** Has a form tried that a request brings, on behalf of whoever the guard has let in. */
export async function tryForm(actor: Actor, asked: Asked, attemptId: string): Promise<Response> {
  if (!isAttemptId(attemptId)) return refusal(problem("setting-invalid", { field: "attempt" }));
  const body = await jsonBody(asked, askedTest, mostForm);
  if (!body.ok) return refusal(body.problem);
  const { values, connectionId } = body.value;
  return attemptResponse(await testForm(actor, { attemptId, values, connectionId }), asked);
}

const askedTest = z.strictObject({
  /** Read at its own door. */
  values: z.unknown(),
  connectionId: z.string().min(1).max(100).optional(),
});
export type TestFormBody = z.input<typeof askedTest>;

/** A form's certificates and keys are at most so long together, in bytes. */
const mostForm = 1024 * 1024;
