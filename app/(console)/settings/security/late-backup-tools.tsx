"use client";

import { type ComponentProps, lazy } from "react";
import type { BackupTools } from "./backup-tools.tsx";

const Tools = lazy(async () => ({ default: (await import("./backup-tools.tsx")).BackupTools }));

/** The backups, written by the server; what is done with them comes when the page is usable. */
export function LateBackupTools(props: ComponentProps<typeof BackupTools>) {
  return <Tools {...props} />;
}
