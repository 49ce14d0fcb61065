import "server-only";
import { processWide } from "#lib/process-wide.ts";
import type { SetupToken } from "#lib/team/setup-token.ts";
import { log } from "./log.ts";

/**
 * Lays out the token that the first person needs. bin/start.js prints the link; a server that something else started
 * says in its log where the token lies, and never the token itself.
 * @param when `renew`: a new one in any case; `if-over`: only if the last one is gone or past its time
 */
export async function offerSetup(token: SetupToken, when: "renew" | "if-over"): Promise<void> {
  try {
    if (when === "renew") await token.renew();
    else if (!(await token.renewIfOver())) return;
  } catch (error) {
    // A full or read-only disk: the set-up page then refuses every token, and this says why.
    log().error({ err: error, file: token.path }, "the set-up token cannot be written");
    return;
  }
  const printer = processWide<{ offered?: () => void }>("setup-link", () => ({}));
  if (printer.offered !== undefined) return printer.offered();
  log().warn(
    { file: token.path },
    "no account exists yet: open /setup#token= followed by the text in this file",
  );
}
