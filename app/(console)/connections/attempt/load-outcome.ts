/** Asked for as a test begins, so that it is there when the test ends. */
export function loadOutcome() {
  return import("./attempt-outcome.tsx");
}

/** The steps, asked for with it. */
export function loadSteps() {
  return import("./connection-steps.tsx");
}
