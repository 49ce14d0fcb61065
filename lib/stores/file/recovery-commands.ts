import "server-only";
import { randomBytes } from "node:crypto";
import { quoteSh } from "#lib/strings/write/quote-sh.ts";
import type { RecoveryHints } from "#lib/vault/store.ts";
import { guardPath } from "./revision-guard.ts";

/** Commands of a POSIX shell that bring back the file at `path`. */
export function recoveryCommands(path: string, stateDir: string): RecoveryHints {
  const guard = quoteSh(guardPath(stateDir));
  return {
    forget: () => `rm ${guard}`,
    beginAnew: (traces) => {
      const aside = `.before-${randomBytes(4).toString("hex")}`;
      const moves = traces.map((trace) => `mv ${quoteSh(trace)} ${quoteSh(`${trace}${aside}`)}`);
      return [`rm -f ${guard}`, ...moves].join(" && ");
    },
    putBack: (earlier, nothingThere) => {
      const aside = `${path}.damaged-${randomBytes(4).toString("hex")}`;
      return [
        ...(nothingThere ? [] : [`mv ${quoteSh(path)} ${quoteSh(aside)}`]),
        `cp -p ${quoteSh(earlier.place)} ${quoteSh(path)}`,
        // An older revision is meant.
        `rm -f ${guard}`,
      ].join(" && ");
    },
  };
}
