"use client";

import type { RungReport } from "#lib/wire/report.ts";
import { ConnectionSteps } from "../attempt/connection-steps.tsx";

/** The rungs of an attempt that is over, as the form shows them. */
export function ClimbedSteps({ rungs }: { readonly rungs: readonly RungReport[] }) {
  return <ConnectionSteps state={{ running: false, current: undefined, rungs, end: undefined }} />;
}
