/** Why the console did not answer: it was not reached, is another version than this page, or knows nobody here. */
export type ActionFailure = "lost" | "stale" | "signed-out";

/** An action that the server does not know any more is refused by name ("Failed to find Server Action"). */
export function actionFailure(error: unknown): "lost" | "stale" {
  const text = error instanceof Error ? `${error.name} ${error.message}` : "";
  return /UnrecognizedAction|Server Action/.test(text) ? "stale" : "lost";
}
