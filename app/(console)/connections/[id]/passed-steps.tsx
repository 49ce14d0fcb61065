"use client";

import type { StepReport } from "#lib/wire/report.ts";
import { ConnectionSteps } from "../attempt/connection-steps.tsx";

/** The steps of an attempt that is over, as the form shows them. */
export function PassedSteps({ steps }: { readonly steps: readonly StepReport[] }) {
  return <ConnectionSteps state={{ running: false, current: undefined, steps, end: undefined }} />;
}
