import "server-only";
import type { AttemptReport } from "#lib/wire/report.ts";

/** One target, tried. */
export interface CheckResult {
  readonly label: string;
  readonly report: AttemptReport;
}
