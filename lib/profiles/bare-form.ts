import "server-only";
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
    ...(verifies(given) ? {} : { ssl: true, mode: "require", channelBinding: "prefer" }),
    // The system's trust goes with Verify Full alone.
    ...(withoutCa ? { trust: "system", ...(given.mode === "verify-ca" ? { mode: "verify-full" } : {}) } : {}),
  };
}

function verifies({ ssl, mode }: Partial<FormValues>): boolean {
  return ssl === true && (mode === "require" || mode === "verify-ca" || mode === "verify-full");
}
