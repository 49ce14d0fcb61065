import "server-only";
import type { SetupToken } from "#lib/team/setup-token.ts";
import { log } from "./log.ts";

/**
 * Lays out the token that the first person needs, and says where it lies; the token itself is never logged.
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
  log().warn(
    { file: token.path },
    "nobody is set up yet: open /setup#token= followed by the text in this file",
  );
}
