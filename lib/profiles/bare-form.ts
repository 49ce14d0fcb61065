import "server-only";
import { checksOf } from "#lib/settings/checks-of.ts";
import { type FormValues, signedOut } from "#lib/settings/form-values.ts";

/**
 * A form as a look at its server needs it: without anything to sign in with, and over TLS in any case. A CA of one's
 * own that is not there yet, which is why somebody looks, gives way to the system's.
 * @param values whatever arrived; what is no form is given back for `parseProfileForm` to refuse
 */
export function bareForm(values: unknown): unknown {
  if (typeof values !== "object" || values === null) return values;
  const given = values as Partial<FormValues>;
  const withoutCa = given.trust === "own" && (given.ca ?? "") === "";
  return {
    ...given,
    // Nobody is signed in, but a form without a user is none.
    user: given.user === "" ? "nobody" : given.user,
    ...signedOut,
    ...(encrypts(given) ? {} : { ssl: true, mode: "require", channelBinding: "prefer" }),
    // The system's trust goes with Verify Full alone.
    ...(withoutCa ? { trust: "system", ...(given.mode === "verify-ca" ? { mode: "verify-full" } : {}) } : {}),
  };
}

/** A mode that is none is left for the schema to refuse. */
function encrypts({ ssl, mode }: Partial<FormValues>): boolean {
  return ssl === true && mode !== undefined && checksOf(mode, "system", false, false).encryption === "always";
}
