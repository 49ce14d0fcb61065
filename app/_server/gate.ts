import "server-only";
import { processWide } from "#lib/process-wide.ts";

/** What `proxy.ts` must know to tell a session's cookie from a stranger's. */
interface Gate {
  /** Undefined while the vault is locked: then no cookie is valid. */
  cookieKey: Buffer | undefined;
  /** Counts for the audit log what was turned away; undefined while the vault is locked. */
  noteRefusal: ((reason: GateRefusal, source: string | undefined) => void) | undefined;
}

/** Why: another host's name, another page's origin, or no session where one is needed. */
export type GateRefusal = "host" | "origin" | "not-signed-in";

/** The gate of this process; set when the workspace opens. Tried: `proxy.ts` runs in the same realm as the pages. */
export function gate(): Gate {
  return processWide<Gate>("gate", () => ({ cookieKey: undefined, noteRefusal: undefined }));
}
