import { rmdirSync } from "node:fs";

/** After a run without failures its output folder is empty, and goes. */
export default function removeEmptyOutput(): void {
  try {
    rmdirSync(process.env.CLOAK_DB_TEST_OUTPUT ?? "");
  } catch {
    // It holds what a failure left, or was never made.
  }
}
