import "server-only";
import type { Facts } from "#lib/problems/problem.ts";
import type { TokenSettings } from "#lib/profiles/profile.ts";
import {
  causes,
  ExpiredCredentials,
  MissingCredentials,
  MissingLibrary,
  type TokenTrouble,
} from "./token-trouble.ts";

/**
 * What it means that Amazon's credential chain or signer failed. Its messages are read, never passed on: they may
 * quote the command of a `credential_process`, or what it wrote. The names of AWS's errors are safe.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
export function awsTrouble(error: unknown, token: TokenSettings | undefined): TokenTrouble {
  const source = token?.credentials ?? "default";
  const facts: Facts = { credentials: source, reason: source, name: nameOf(token) };
  if (error instanceof MissingLibrary)
    return { code: "auth-token-library-missing", facts: { reason: "package", name: error.library } };
  if (error instanceof ExpiredCredentials) return { code: "auth-token-credentials-expired", facts };
  if (error instanceof MissingCredentials) return { code: "auth-token-credentials-missing", facts };
  const chain = causes(error);
  for (const { name, message } of chain) {
    const named = { ...facts, error: /^[\w.]{1,80}$/.test(name) ? name : "Error" };
    if (isClock(name, message)) return { code: "auth-token-clock-off", facts: named };
    if (/^Expired|^TokenRefreshRequired/i.test(name) || expired.test(message))
      return { code: "auth-token-credentials-expired", facts: named };
    if (refusals.test(name)) return { code: "auth-token-credentials-refused", facts: named };
    if (regionErrors.test(name)) return { code: "auth-token-region-unknown", facts: named };
  }
  if (chain.some(({ name, code }) => unreachable.test(code) || name === "TimeoutError"))
    return { code: "auth-token-service-unreachable", facts };
  return { code: "auth-token-credentials-missing", facts };
}

function nameOf(token: TokenSettings | undefined): string {
  if (token?.credentials === "profile") return token.awsProfile ?? "";
  if (token?.credentials === "role") return token.awsRole ?? "";
  return token?.awsAccessKeyId ?? "";
}

function isClock(name: string, message: string): boolean {
  return (
    /^Request(?:TimeTooSkewed|Expired|InTheFuture)/i.test(name) ||
    /signature (?:expired|not yet current)/i.test(message)
  );
}

/** The SSO cache's own words (`aws sso login`), and STS's. */
const expired =
  /(?:token|session|credentials?)\b[^.]{0,120}\b(?:has |have |is |are )?(?:expired|invalid\. To refresh)/i;

const refusals =
  /^(?:AccessDenied|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidIdentityToken|IDPRejectedClaim|Forbidden|Unauthorized|InvalidAccessKeyId|AuthFailure|MissingAuthenticationToken|ValidationError)/i;

const regionErrors = /^(?:RegionDisabled|OptInRequired)/i;

const unreachable =
  /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UNABLE_TO|CERT_|DEPTH_)/;
