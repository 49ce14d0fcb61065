import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said of signing in: pg_hba.conf, passwords, client certificates, channel binding, poolers. */
export const signInPhrases: PhraseTable = {
  "auth-tls-required": {
    server: [
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", no encryption',
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", SSL off',
    ],
    node: ['error: no pg_hba.conf entry for host "…", user "…", database "…", no encryption'],
    go: [
      'server error (FATAL: no pg_hba.conf entry for host "…", user "…", database "…", no encryption (SQLSTATE 28000))',
    ],
    dotnet: ['28000: no pg_hba.conf entry for host "…", user "…", database "…", no encryption'],
    pgbouncer: ["FATAL: SSL required"],
    provider: [
      "FATAL: SSL connection is required. Please specify SSL options and retry.",
      "ERROR: connection is insecure (try using `sslmode=require`)",
      "node is running secure mode, SSL connection required",
    ],
  },
  "auth-tls-not-allowed": {
    server: [
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", SSL encryption',
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", SSL on',
    ],
  },
  "auth-rule-missing": {
    server: [
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", SSL encryption',
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…", SSL on',
      'FATAL: no pg_hba.conf entry for host "…", user "…", database "…"',
      'FATAL: no pg_hba.conf entry for replication connection from host "…"',
    ],
    node: ['error: no pg_hba.conf entry for host "…", user "…", database "…", SSL encryption'],
    dotnet: ['28000: no pg_hba.conf entry for host "…", user "…", database "…", SSL encryption'],
    python: ["asyncpg.exceptions.InvalidAuthorizationSpecificationError: no pg_hba.conf entry for host"],
    prisma: ["P1010: User `…` was denied access on the database `…`"],
  },
  "auth-rule-reject": {
    server: [
      'FATAL: pg_hba.conf rejects connection for host "…", user "…", database "…", SSL encryption',
      'FATAL: pg_hba.conf rejects connection for host "…", user "…", database "…", no encryption',
      'FATAL: pg_hba.conf rejects replication connection for host "…"',
    ],
    dotnet: ["28000: pg_hba.conf rejects connection for host"],
    go: ["FATAL: pg_hba.conf rejects connection for host (SQLSTATE 28000)"],
  },
  "auth-client-certificate-missing": {
    server: [
      "FATAL: connection requires a valid client certificate",
      "client certificates can only be checked if a root certificate store is available",
    ],
    jdbc: ["No X.509 certificate for client authentication, use empty Certificate message instead"],
    go: ["FATAL: connection requires a valid client certificate (SQLSTATE 28000)"],
    dotnet: ["28000: connection requires a valid client certificate"],
  },
  "auth-client-certificate-unused": {
    libpq: [
      "server did not request an SSL certificate",
      "server accepted connection without a valid SSL certificate",
    ],
  },
  "auth-client-certificate-other-user": {
    server: [
      'FATAL: certificate authentication failed for user "…"',
      "provided user name (…) and authenticated user name (…) do not match",
      'certificate validation (clientcert=verify-full) failed for user "…": CN mismatch',
      'no match in usermap "…" for user "…" authenticated as "…"',
    ],
    go: ["FATAL: certificate authentication failed for user (SQLSTATE 28000)"],
    dotnet: ["28000: certificate authentication failed for user"],
    provider: ["requested user is …, but certificate is for …"],
  },
  "auth-password-wrong": {
    server: [
      'FATAL: password authentication failed for user "…"',
      'Password does not match for user "…".',
      'Connection matched file "…pg_hba.conf" line …',
    ],
    node: [
      'error: password authentication failed for user "…" code: 28P01',
      "SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match",
    ],
    python: ['asyncpg.exceptions.InvalidPasswordError: password authentication failed for user "…"'],
    go: [
      'failed SASL auth (FATAL: password authentication failed for user "…" (SQLSTATE 28P01))',
      'pq: password authentication failed for user "…"',
    ],
    dotnet: ['Npgsql.PostgresException (0x80004005): 28P01: password authentication failed for user "…"'],
    jdbc: ['org.postgresql.util.PSQLException: FATAL: password authentication failed for user "…"'],
    prisma: [
      "P1000: Authentication failed against database server at `…`, the provided database credentials for `…` are not valid.",
    ],
    pgbouncer: ["FATAL: SASL authentication failed", "FATAL: auth failed"],
    libpq: ["incorrect server signature"],
  },
  "auth-password-missing": {
    libpq: ["fe_sendauth: no password supplied", "empty password returned by client"],
    jdbc: [
      "The server requested password-based authentication, but no password was provided.",
      "The server requested SCRAM-based authentication, but no password was provided.",
      "no password was provided by plugin null",
    ],
    node: [
      "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string",
      "SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string",
    ],
    dotnet: [
      "No password has been provided but the backend requires one (in MD5)",
      "No password has been provided but the backend requires one (in SASL/SCRAM-SHA-256)",
      "No password has been provided but the backend requires one (in cleartext)",
    ],
    rust: ["invalid configuration: password missing", "password missing"],
    python: ["password is required for …"],
    server: ["FATAL: empty password returned by client"],
  },
  "auth-role-unknown": {
    server: ['FATAL: role "…" does not exist', 'User "…" does not exist.', 'Role "…" does not exist.'],
    pgbouncer: ["FATAL: no such user: …", "no such user"],
    go: ['FATAL: role "…" does not exist (SQLSTATE 28000)'],
    dotnet: ['28000: role "…" does not exist'],
  },
  "auth-method-refused": {
    libpq: [
      'authentication method requirement "…" failed: server requested a cleartext password',
      'authentication method requirement "…" failed: server did not complete authentication',
      "none of the server's SASL authentication mechanisms are supported",
      "SCRAM authentication requires libpq version 10 or above",
      "authentication method … not supported",
    ],
    jdbc: [
      "The authentication type 10 is not supported. Check that you have configured the pg_hba.conf file to include the client's IP address or subnet, and that it is using an authentication scheme supported by the driver.",
    ],
    node: [
      "Unknown authenticationOk message type",
      "SASL: Only mechanism(s) SCRAM-SHA-256 and SCRAM-SHA-256-PLUS are supported",
    ],
    go: ["unknown authentication response: 10", "pq: SASL authentication: unsupported mechanism"],
    dotnet: ["Authentication method not supported (Received: …)"],
    rust: ["unsupported authentication method", "unsupported authentication method `…`"],
    python: ["unsupported authentication method requested by the server: …"],
  },
  "auth-refused": {
    server: [
      'FATAL: Ident authentication failed for user "…"',
      'FATAL: Peer authentication failed for user "…"',
      'FATAL: LDAP authentication failed for user "…"',
      'FATAL: RADIUS authentication failed for user "…"',
      'FATAL: GSSAPI authentication failed for user "…"',
      'FATAL: SSPI authentication failed for user "…"',
      'FATAL: OAuth bearer authentication failed for user "…"',
      'FATAL: role "…" is not permitted to log in',
      'FATAL: permission denied for database "…"',
    ],
    node: ['error: Ident authentication failed for user "…"'],
    go: ['FATAL: Peer authentication failed for user "…" (SQLSTATE 28000)'],
    prisma: ["P1010: User `…` was denied access on the database `…`"],
  },
  "auth-channel-binding-failed": {
    server: [
      "FATAL: SCRAM channel binding check failed",
      'unsupported SCRAM channel-binding type "…"',
      "The client supports SCRAM channel binding but thinks the server does not.",
    ],
  },
  "auth-channel-binding-unavailable": {
    libpq: [
      "channel binding is required, but server did not offer an authentication method that supports channel binding",
      "channel binding required but not supported by server's authentication request",
      "channel binding required, but SSL not in use",
      "channel binding required, but server authenticated client without channel binding",
    ],
    jdbc: [
      "Channel Binding is required, but SSL is not in use.",
      "Channel Binding is required, but server did not offer an authentication method that supports channel binding.",
    ],
    rust: ["server does not use channel binding", "server does not support channel binding"],
  },
  "auth-channel-binding-unsupported": {
    libpq: [
      "could not find digest for NID …",
      "could not generate peer certificate hash",
      "could not determine server certificate signature algorithm",
      "channel binding is required, but client does not support it",
    ],
    jdbc: ["Cannot get tls-server-end-point channel binding data"],
    node: ["SASL channel binding: … when parsing public certificate"],
  },
  "auth-sni-required": {
    provider: [
      "unable to accept connection, sni was not received",
      "Endpoint ID is not specified. Either please upgrade the postgres client library (libpq) for SNI support or pass the endpoint ID (first part of the domain name) as a parameter: '?options=endpoint%3D<endpoint-id>'.",
      "The endpoint ID is not specified. Either upgrade the Postgres client library (libpq) for SNI support",
      "codeParamsRoutingFailed: missing cluster identifier",
    ],
  },
  "auth-pooler-tenant-unknown": {
    provider: [
      "FATAL: Tenant or user not found",
      "FATAL: (ENOTFOUND) tenant/user … not found",
      "no tenant identifier provided (external_id or sni_hostname required)",
    ],
    prisma: ["FATAL: Tenant or user not found"],
  },
  "auth-endpoint-unknown": {
    provider: ["The requested endpoint could not be found, or you don't have access to it."],
  },
  "auth-endpoint-conflict": {
    provider: [
      "ERROR: Inconsistent project name inferred from SNI ('…') and project option ('…').",
      "Inconsistent endpoint name inferred from SNI and project option",
    ],
  },
};
