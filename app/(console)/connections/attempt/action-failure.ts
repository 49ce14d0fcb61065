/** Why an action did not answer: the console was not reached, or it is another version than this page. */
export type ActionFailure = "lost" | "stale";

/** An action that the server does not know any more is refused by name ("Failed to find Server Action"). */
export function actionFailure(error: unknown): ActionFailure {
  const text = error instanceof Error ? `${error.name} ${error.message}` : "";
  return /UnrecognizedAction|Server Action/.test(text) ? "stale" : "lost";
}
