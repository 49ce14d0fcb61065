"use client";

import { LeaveDialog } from "../../leave-dialog.tsx";
import { useLeaveGuard } from "../../use-leave-guard.ts";

/** Asks before the list is left while tests run: what has not begun would not be tested. */
export function LeaveRun() {
  return <LeaveDialog guard={useLeaveGuard(true, true)} words="list.leave" />;
}
