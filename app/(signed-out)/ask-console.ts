import type { Facts } from "#lib/problems/problem.ts";

/** What a handler answered, as far as these pages read it. */
export interface Refusal {
  readonly code: string;
  readonly facts: Facts;
}

/**
 * Sends JSON to one of the handlers that answer before the login.
 * @returns undefined when it went well; `unreachable` when no answer came
 */
export async function askConsole(path: string, body: unknown): Promise<Refusal | undefined> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    return { code: "unreachable", facts: {} };
  }
  if (answer.ok) return undefined;
  try {
    const { problem } = (await answer.json()) as { problem: Refusal };
    return { code: problem.code, facts: problem.facts };
  } catch {
    return { code: "unexpected", facts: {} };
  }
}
