import "server-only";
import { processWide } from "#lib/process-wide.ts";

/** What `proxy.ts` must know to tell a session's cookie from a stranger's. */
interface Gate {
  /** Undefined while the vault is locked: then no cookie is valid. */
  cookieKey: Buffer | undefined;
}

/** The gate of this process; set when the workspace opens. Tried: `proxy.ts` runs in the same realm as the pages. */
export function gate(): Gate {
  return processWide<Gate>("gate", () => ({ cookieKey: undefined }));
}
