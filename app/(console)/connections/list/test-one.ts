import type { SavedTestAnswer } from "#app/api/connections/[id]/test/route.ts";
import { randomId } from "#lib/random-id.ts";
import { sendCancel } from "../attempt/use-attempt.ts";
import type { TestEnd } from "./run-tests.ts";

/** Never throws: what keeps the console from answering is how the test ended. */
export async function testOne(id: string, signal: AbortSignal, lost: string): Promise<TestEnd> {
  const attempt = randomId();
  const cancel = () => sendCancel(attempt);
  signal.addEventListener("abort", cancel);
  try {
    const response = await fetch(`/api/connections/${encodeURIComponent(id)}/test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ attempt }),
    });
    if (response.ok) {
      const answer = (await response.json()) as SavedTestAnswer;
      if (answer.came === "cancelled") return { state: "stopped" };
      const { came: state, ...facts } = answer;
      return { state, ...facts } as TestEnd;
    }
    const { problem, explained } = (await response.json()) as {
      readonly problem: { readonly code: string; readonly facts: { readonly retryAfter?: number } };
      readonly explained?: { readonly title: string };
    };
    const title = explained?.title ?? lost;
    const seconds = problem.facts.retryAfter;
    return problem.code === "too-many-attempts" && seconds !== undefined
      ? { state: "limited", seconds, title }
      : { state: "failed", code: problem.code, title };
  } catch {
    return { state: "failed", title: lost };
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
