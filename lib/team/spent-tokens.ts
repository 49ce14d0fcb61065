import "server-only";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";

/** Which one-time tokens have been used: a note that is put back opens nothing a second time. */
export interface SpentTokens {
  /**
   * Marks a token as used, once, whichever console asks.
   * @param sha256 of the token
   * @param until when it would have been over, milliseconds since 1970
   * @returns false where it was used before, or where the marks are not to be believed: then only newer ones are good
   */
  spend(sha256: string, until: number): Promise<Result<boolean>>;
}

/** A mark outlasts its token by so much, so that a clock that is put back does not bring it to life again. */
const keptLonger = 7 * 24 * 60 * 60_000;
/** Only the host makes such tokens: more of them are made by a program. The oldest go. */
const most = 1000;

/**
 * @param document a guarded and replaceable one of the vault; nobody else writes there
 * @param now milliseconds since 1970
 */
export function spentTokens(
  document: Pick<NamedDocument, "change">,
  now: () => number = Date.now,
): SpentTokens {
  return {
    async spend(sha256, until) {
      let isFresh = false;
      const changed = await document.change((value, unbelieved) => {
        const parsed = spentDocument.safeParse(value);
        const spent = parsed.success ? parsed.data.spent : [];
        const isKnown = spent.some((mark) => mark.sha256 === sha256);
        isFresh = unbelieved === undefined && !isKnown;
        if (isKnown) return value;
        const kept = spent.filter((mark) => mark.until + keptLonger > now());
        return { v: 1, spent: [...kept, { sha256, until }].slice(-most) };
      });
      return changed.ok ? ok(isFresh) : changed;
    },
  };
}

const spentDocument = z.strictObject({
  v: z.literal(1),
  spent: z.array(z.strictObject({ sha256: z.string(), until: z.number() })),
});
