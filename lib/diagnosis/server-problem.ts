import "server-only";
import { describeCertificate } from "#lib/certificates/describe-certificate.ts";
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
  readonly detail?: string | undefined;
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
    ...(error.detail ? { detail: serverText(error.detail) } : {}),
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
    case "53100":
      return { code: "server-disk-full" };
    case "53200":
      return { code: "server-out-of-memory" };
    case "57P03":
      return notNow(error);
    // An idle session, an idle transaction, one that lasted too long.
    case "57P05":
    case "25P03":
    case "25P04":
      return { code: "session-timed-out" };
    // Dropped while the session began.
    case "57P04":
      return { code: "database-unknown" };
    case "57P01":
    case "57P02":
      return { code: "server-shutting-down" };
    case "0A000":
      return notSupported(error, evidence);
    case "42704":
    case "22023":
    case "42601":
      return { code: "startup-parameter-refused", facts: parameterIn(message) };
    default:
      // Wherever the server writes when it has no room: ENOSPC comes as 58030, XX000 and others, in libc's words.
      if (noSpace.test(message)) return { code: "server-disk-full" };
      // https://www.postgresql.org/docs/18/sslinfo.html: OpenSSL's name for a signature without a hash of its own.
      if (withoutDigest.test(message)) return unbindable(evidence);
      return code.startsWith("28") ? { code: "auth-refused" } : { code: "unexpected" };
  }
}

const noSpace = /No space left on device|Disk quota exceeded/i;

/** be-secure-openssl.c, be_tls_get_certificate_hash: neither text is translated in full. */
const withoutDigest = /digest for NID|certificate signature algorithm/i;

/** A certificate that SCRAM cannot be bound to: which signature it bears. */
export function unbindable({ handshake, now }: Evidence): Found {
  const leaf = handshake?.chain[0];
  const name = leaf === undefined ? "" : describeCertificate(leaf, now).signature;
  return { code: "auth-channel-binding-unsupported", facts: name === "" ? {} : { name } };
}

/**
 * 57P03, of the postmaster. A standby that is closed will still be closed in a moment. The detail is in the server's
 * language; the words for "hot standby" stay in most, and only where it is off does it say no more than "mode".
 */
export function notNow({ message, detail = "" }: Pick<ServerError, "message" | "detail">): Found {
  if (standbyIsClosed.test(detail)) return { code: "server-standby-closed" };
  return { code: isShuttingDown(message) ? "server-shutting-down" : "server-starting" };
}

const standbyIsClosed =
  /hot[ -]?standby[^.]*(?:disabled|désactivé|deaktiviert|ausgeschaltet|desactivad|disabilitat|desabilitad|wyłączon|avstäng|devre dışı|відключен|вимкнен)|горяч\S* резерв\S* (?:отключ|выключ)|ホット.?スタンバイ.*(?:無効|オフ)|(?:热备|熱備).*(?:禁用|停用|关闭|關閉)|(?:핫 ?스탠바이|hot standby).*(?:비활성|사용 안)/i;

/**
 * 0A000 at the beginning of a session. PostgreSQL says so of the protocol's version alone, and in one place
 * (ProcessStartupPacket); proxies and relatives, of whatever they do without.
 */
export function notSupported({ message, routine }: ServerError, { profile }: Evidence): Found {
  if (/^ProcessStartupPacket$/.test(routine ?? "") || /frontend protocol|protocol version/i.test(message))
    return { code: "net-not-postgres", facts: { reason: "protocol-version" } };
  const isAboutOptions = /option|parameter|\bsetting\b|\bGUC\b/i.test(message);
  return isAboutOptions || (profile.options !== "" && message === "")
    ? { code: "startup-parameter-refused", facts: parameterIn(message) }
    : { code: "server-feature-unsupported" };
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
  const { method, channelBindingUsed } = evidence.signIn;
  // auth-scram.c: with this state, a client's message says nothing but that the channels differ.
  const isOfScram = /^read_client_(first|final)_message$/.test(routine ?? "");
  if ((channelBindingUsed && isOfScram) || /channel binding/i.test(message))
    return { code: "auth-channel-binding-failed" };
  const gaveCertificate = evidence.handshake?.sentClientCertificate === true;
  if (routine === "auth_failed") {
    if (method === "password" || method === "md5" || method?.startsWith("scram"))
      return { code: "auth-password-wrong" };
    // Nothing was asked for: a certificate was looked at, or the system was asked who we are (ident, peer).
    return { code: gaveCertificate ? "auth-client-certificate-other-user" : "auth-refused" };
  }
  if (/client certificate/i.test(message)) return { code: "auth-client-certificate-missing" };
  if (/role .* does not exist|not permitted to log in/i.test(message)) return { code: "auth-role-unknown" };
  // Asked for and not given, and refused before anything else was asked for.
  if (evidence.certificateAsked === true && !gaveCertificate && method === null)
    return { code: "auth-client-certificate-missing" };
  return { code: "auth-refused" };
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
