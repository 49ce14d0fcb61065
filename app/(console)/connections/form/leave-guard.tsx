"use client";

import { LeaveDialog } from "../../leave-dialog.tsx";
import { useLeaveGuard } from "../../use-leave-guard.ts";

/** Asks before entries are left that are not saved; there as long as there are some. */
export function LeaveGuard() {
  return <LeaveDialog guard={useLeaveGuard(true)} words="form.leave" />;
}
