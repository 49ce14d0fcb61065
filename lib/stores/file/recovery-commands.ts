import "server-only";
import { randomBytes } from "node:crypto";
import type { RecoveryHints } from "#lib/vault/store.ts";
import { guardPath } from "./revision-guard.ts";
import { shellWord } from "./shell-word.ts";

/** Commands of a POSIX shell that bring back the file at `path`. */
export function recoveryCommands(path: string, stateDir: string): RecoveryHints {
  const guard = shellWord(guardPath(stateDir));
  return {
    forget: () => `rm ${guard}`,
    beginAnew: (traces) => {
      const aside = `.before-${randomBytes(4).toString("hex")}`;
      const moves = traces.map((trace) => `mv ${shellWord(trace)} ${shellWord(`${trace}${aside}`)}`);
      return [`rm -f ${guard}`, ...moves].join(" && ");
    },
    putBack: (earlier, nothingThere) => {
      const aside = `${path}.damaged-${randomBytes(4).toString("hex")}`;
      return [
        ...(nothingThere ? [] : [`mv ${shellWord(path)} ${shellWord(aside)}`]),
        `cp -p ${shellWord(earlier.place)} ${shellWord(path)}`,
        // An older revision is meant.
        `rm -f ${guard}`,
      ].join(" && ");
    },
  };
}
