import "server-only";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import type { Facts } from "#lib/problems/problem.ts";
import { recogniseError } from "#lib/providers/facts-of.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { isTokenSignIn } from "#lib/settings/form-values.ts";
import type { Evidence } from "#lib/wire/evidence.ts";
import { serverText } from "#lib/wire/server-text.ts";
import { sendsToken, tokenProblem } from "./token-problem.ts";

/** The fields of an ErrorResponse that matter here (pg's DatabaseError has them). */
export interface ServerError {
  readonly message: string;
  /** SQLSTATE */
  readonly code?: string | undefined;
  /** The server's function that reported it: the same in every language. */
  readonly routine?: string | undefined;
}

/**
 * What a server's refusal during sign-in or at the start of the session means. SQLSTATE first, then the reporting
 * routine and what we know ourselves; the text, which comes in the server's language, only where nothing else
 * tells the cases apart, and for products that put their own words into a general code.
 */
export function serverProblem(
  error: ServerError,
  evidence: Evidence,
): { readonly code: ProblemCode; readonly facts: Facts; readonly also: readonly ProblemCode[] } {
  const facts: Facts = {
    message: serverText(error.message),
    sqlstate: serverText(error.code ?? ""),
    user: evidence.profile.user,
    database: evidence.profile.database || evidence.profile.user,
  };
  const found = byProduct(error, evidence) ?? byState(error, evidence);
  return { code: found.code, facts: { ...facts, ...found.facts }, also: found.also ?? [] };
}

interface Found {
  readonly code: ProblemCode;
  readonly facts?: Facts;
  readonly also?: readonly ProblemCode[];
}

/** Poolers, proxies and clouds, by their own words: the host's provider first, then whoever may stand before it. */
function byProduct({ message }: ServerError, evidence: Evidence): Found | undefined {
  const known = recogniseError(message, recogniseProvider(evidence.profile.host));
  if (known !== undefined) {
    const { code } = known.phrase;
    const parameter = known.match.groups?.parameter;
    const facts: Facts = {
      provider: known.provider.name,
      ...(parameter === undefined ? {} : { parameter: serverText(parameter) }),
    };
    if (code !== "auth-token-refused") return { code, facts };
    const token = tokenProblem(evidence);
    return { code: token.code, facts: { ...facts, ...token.facts } };
  }
  // A service under a name of one's own is not recognised by it.
  const isToken = isTokenSignIn(evidence.profile.signIn);
  if (isToken && /authentication failed|access denied|access token/i.test(message))
    return tokenProblem(evidence);
  if (!/PAM authentication failed/i.test(message)) return undefined;
  // RDS answers so to a token, under a name of one's own too; elsewhere PAM checks a password.
  return sendsToken(evidence) ? tokenProblem(evidence) : { code: "auth-password-wrong" };
}

function byState(error: ServerError, evidence: Evidence): Found {
  const { code = "", message } = error;
  switch (code) {
    case "28P01":
      // A token is given as a password, and refused as one.
      if (sendsToken(evidence)) return tokenProblem(evidence);
      // SCRAM had proved the password right: what is left is a certificate that must name the user (clientcert).
      return evidence.signIn.passwordAccepted
        ? { code: "auth-client-certificate-other-user" }
        : { code: "auth-password-wrong" };
    case "28000":
      return byRoutine(error, evidence);
    case "3D000":
      return { code: "database-unknown" };
    case "55000":
      return { code: "database-not-accepting" };
    case "42501":
      return { code: "database-not-accepting", facts: { reason: "no-connect-privilege" } };
    case "53300":
      return { code: "server-too-many-connections" };
    case "57P03":
      return { code: isShuttingDown(message) ? "server-shutting-down" : "server-starting" };
    case "57P01":
    case "57P02":
      return { code: "server-shutting-down" };
    case "0A000":
      return { code: "net-not-postgres", facts: { reason: "protocol-version" } };
    case "42704":
    case "22023":
    case "42601":
      return { code: "startup-parameter-refused", facts: parameterIn(message) };
    default:
      return { code: "unexpected" };
  }
}

/** SQLSTATE 28000 has half a dozen causes. The routines are those of PostgreSQL's auth.c and miscinit.c. */
function byRoutine({ message, routine }: ServerError, evidence: Evidence): Found {
  const plaintext = evidence.transport === "plaintext";
  if (/^InitializeSessionUserId/.test(routine ?? "")) return { code: "auth-role-unknown" };
  // The file's name is not translated.
  if (message.includes("pg_hba.conf")) {
    if (rejects.test(message)) return { code: "auth-rule-reject", facts: { transport: evidence.transport } };
    // Only a rule for encrypted connections may be there, or none at all: the server does not say.
    if (plaintext) return { code: "auth-tls-required", also: ["auth-rule-missing"] };
    return {
      code: "auth-rule-missing",
      facts: { transport: evidence.transport },
      also: ["auth-tls-not-allowed"],
    };
  }
  if (routine === "ClientAuthentication") return { code: "auth-client-certificate-missing" };
  if (evidence.signIn.channelBindingUsed && /channel binding/i.test(message))
    return { code: "auth-channel-binding-failed" };
  if (routine === "auth_failed") {
    return evidence.handshake?.sentClientCertificate
      ? { code: "auth-client-certificate-other-user" }
      : { code: "auth-password-wrong" };
  }
  if (/client certificate/i.test(message)) return { code: "auth-client-certificate-missing" };
  if (/role .* does not exist|not permitted to log in/i.test(message)) return { code: "auth-role-unknown" };
  if (/channel binding/i.test(message)) return { code: "auth-channel-binding-failed" };
  return { code: "auth-rule-reject" };
}

/** "pg_hba.conf rejects connection" in the languages PostgreSQL speaks; "no entry" has none of these words. */
const rejects =
  /reject|rejett|lehnt|rechaza|rifiuta|rejeita|отверг|відхил|avvisar|odrzuc|reddediyor|拒否|拒绝|拒絕|거부|უარ|odmít/i;

/** "The database system is shutting down", likewise. */
function isShuttingDown(message: string): boolean {
  return /shut|arrêt|herunter|apag|spegn|deslig|выключ|остан|вимик|停止|シャットダウン|关闭|關閉|종료|stäng|zamyk|kapan/i.test(
    message,
  );
}

function parameterIn(message: string): Facts {
  const parameter = /["«„“]([^"»“”]+)["»“”]/.exec(message)?.[1];
  return parameter === undefined ? {} : { parameter: serverText(parameter) };
}
