import "server-only";
import { type Evidence, WireProblem } from "./evidence.ts";
import type { ServerReport } from "./report.ts";

/** The ways to sign in that libpq's `require_auth` knows. */
export const signInWords = ["none", "password", "md5", "scram-sha-256", "gss", "sspi", "oauth"] as const;
export type SignInWord = (typeof signInWords)[number];

/** What a session must be (libpq `target_session_attrs`). */
export type SessionKind = "any" | "read-write" | "read-only" | "primary" | "standby";

/** What a connection string may demand beyond the settings of a saved connection. The command line alone does. */
export interface Demands {
  /** The only ways to sign in that are followed (libpq `require_auth`); left out, all are. */
  readonly signIn?: ReadonlySet<SignInWord>;
  /** The server must have looked at our certificate (libpq `sslcertmode=require`). */
  readonly clientCertificate?: boolean;
  readonly session?: SessionKind;
}

/**
 * Whether the server looked at a certificate of ours on this connection, where that is demanded (`check_expected_areq`
 * in fe-auth.c).
 * @returns `auth-client-certificate-unused` with the fact `asked`; null when there is nothing to say
 */
export function unusedCertificate({ clientCertificate }: Demands, evidence: Evidence): WireProblem | null {
  if (!clientCertificate) return null;
  const asked = evidence.transport === "tls" && evidence.certificateAsked === true;
  const wasUsed = asked && evidence.handshake?.sentClientCertificate === true;
  return wasUsed ? null : new WireProblem("auth-client-certificate-unused", { asked });
}

/**
 * Looks at a session that stands, by what the server says of it.
 * @param parameters the ParameterStatus messages of the session's start
 * @throws WireProblem `session-read-only` or `session-not-read-only`
 */
export function checkSession(
  { session = "any" }: Demands,
  server: ServerReport,
  parameters: ReadonlyMap<string, string>,
): void {
  const isStandby = parameters.get("in_hot_standby") === "on";
  const isReadOnly =
    server.readOnly ?? (isStandby || parameters.get("default_transaction_read_only") === "on");
  const facts = { wanted: session, standby: isStandby };
  if ((session === "read-write" && isReadOnly) || (session === "primary" && isStandby))
    throw new WireProblem("session-read-only", facts);
  if ((session === "read-only" && !isReadOnly) || (session === "standby" && !isStandby))
    throw new WireProblem("session-not-read-only", facts);
}
