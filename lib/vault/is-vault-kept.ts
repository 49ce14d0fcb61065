import "server-only";
import type { Store } from "./store.ts";

/**
 * Whether a vault is kept there: to open one would begin it, and a mere look makes none. Where that cannot be told there
 * is one: opening it says why it does not open.
 */
export async function isVaultKept({ records }: Store): Promise<boolean> {
  const found = records.form === "text" ? await records.version() : await records.read(headAlone);
  return !found.ok || found.value !== undefined;
}

/** No row was written after that. */
const headAlone = Number.MAX_SAFE_INTEGER;
