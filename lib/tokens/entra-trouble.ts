import "server-only";
import type { TokenCredentials } from "#lib/settings/form-values.ts";
import { causes, MissingCredentials, MissingLibrary, type TokenTrouble } from "./token-trouble.ts";

/**
 * What it means that Microsoft's credential chain failed. Of its messages only the AADSTS number goes on.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function entraTrouble(error: unknown, credentials: TokenCredentials): TokenTrouble {
  const reason = credentials === "keys" ? "entra_keys" : "entra_default";
  const facts = { credentials, reason };
  if (error instanceof MissingLibrary)
    return { code: "auth-token-library-missing", facts: { reason: "package", name: error.library } };
  if (error instanceof MissingCredentials) return { code: "auth-token-credentials-missing", facts };
  const chain = causes(error);
  const number = /AADSTS\d{4,8}/.exec(chain.map(({ message }) => message).join("\n"))?.[0];
  if (number !== undefined) {
    const code = aadCodes[number] ?? "auth-token-credentials-refused";
    return { code, facts: { ...facts, error: number } };
  }
  const isUnavailable = (one: { name: string }) =>
    /CredentialUnavailable|AggregateAuthentication|AuthenticationRequired/.test(one.name);
  if (chain.some(({ name }) => name === "AuthenticationError"))
    return { code: "auth-token-credentials-refused", facts };
  const isNetwork = chain.some(
    ({ name, code, message }) =>
      /^(?:ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|REQUEST_SEND_ERROR)/.test(code) ||
      name === "RestError" ||
      /network_error|endpoints_resolution_error/.test(message),
  );
  if (isNetwork && !chain.every(isUnavailable)) return { code: "auth-token-service-unreachable", facts };
  return { code: "auth-token-credentials-missing", facts };
}

const aadCodes: Readonly<Record<string, TokenTrouble["code"]>> = {
  // The client secret's keys are expired.
  AADSTS7000222: "auth-token-credentials-expired",
  // The refresh token of the host's own sign-in has expired.
  AADSTS70043: "auth-token-credentials-expired",
  AADSTS700082: "auth-token-credentials-expired",
  // The client assertion is not within its valid time range.
  AADSTS700024: "auth-token-clock-off",
  AADSTS500133: "auth-token-clock-off",
};
