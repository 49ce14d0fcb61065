import type { TestFormBody } from "#app/api/attempts/[id]/test/test-door.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import type { AskedTestAnswer } from "./attempt-state.ts";

/** Has the console try the form as it stands. Throws where the console is not reached. */
export async function askToTest(
  values: FormValues,
  attemptId: string,
  connectionId?: string,
): Promise<AskedTestAnswer> {
  const body: TestFormBody = { values, ...(connectionId !== undefined && { connectionId }) };
  const [response, { readTestAnswer }] = await Promise.all([
    fetch(`/api/attempts/${attemptId}/test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
    import("./read-test-answer.ts"),
  ]);
  return readTestAnswer(response);
}
