import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said once a user is let in, or before for want of room. */
export const sessionPhrases: PhraseTable = {
  "database-unknown": {
    server: ['FATAL: database "…" does not exist', "It seems to have just been dropped or renamed."],
    python: ['asyncpg.exceptions.InvalidCatalogNameError: database "…" does not exist'],
    prisma: ["P1003: Database `…` does not exist on the database server at `…`."],
    pgbouncer: ["FATAL: no such database: …"],
    go: ['FATAL: database "…" does not exist (SQLSTATE 3D000)'],
    dotnet: ['3D000: database "…" does not exist'],
  },
  "database-not-accepting": {
    server: [
      'FATAL: database "…" is not currently accepting connections',
      'FATAL: cannot connect to invalid database "…"',
    ],
    pgbouncer: ['FATAL: database "…" is disabled'],
  },
  "server-full": {
    server: ["FATAL: sorry, too many clients already"],
    libpq: ["server sent an error response during SSL exchange"],
    pgbouncer: ["FATAL: no more connections allowed (max_client_conn)"],
    prisma: ["P2037: Too many database connections opened: FATAL: sorry, too many clients already"],
  },
  "server-too-many-connections": {
    server: [
      "FATAL: sorry, too many clients already",
      "FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute",
      "FATAL: remaining connection slots are reserved for non-replication superuser connections",
      'FATAL: too many connections for role "…"',
      'FATAL: too many connections for database "…"',
      'FATAL: remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role',
    ],
    python: ["asyncpg.exceptions.TooManyConnectionsError: sorry, too many clients already"],
    pgbouncer: ["FATAL: query_wait_timeout", "FATAL: client_login_timeout"],
    provider: ["FATAL: Max client connections reached", "MaxClientsInSessionMode: max clients reached"],
    prisma: ["P2024: Timed out fetching a new connection from the connection pool."],
    dotnet: [
      "53300: sorry, too many clients already",
      "The connection pool has been exhausted, either raise MaxPoolSize",
    ],
  },
  "server-disk-full": {
    server: [
      "FATAL: could not write init file: No space left on device",
      'ERROR: could not extend file "…": No space left on device',
      'PANIC: could not write to file "pg_wal/…": No space left on device',
      'FATAL: could not write lock file "postmaster.pid": No space left on device',
    ],
  },
  "server-out-of-memory": {
    server: [
      "FATAL: out of memory",
      "ERROR: out of shared memory",
      'Failed on request of size … in memory context "…"',
      "could not fork new process for connection: Cannot allocate memory",
    ],
  },
  "server-starting": {
    server: [
      "FATAL: the database system is starting up",
      "FATAL: the database system is in recovery mode",
      "FATAL: the database system is not yet accepting connections",
      "Consistent recovery state has not been yet reached.",
    ],
    python: ["asyncpg.exceptions.CannotConnectNowError: the database system is starting up"],
    dotnet: ["57P03: the database system is starting up"],
  },
  "server-standby-closed": {
    server: ["FATAL: the database system is not accepting connections. Hot standby mode is disabled."],
  },
  "server-paused": {
    provider: [
      "Your project has exceeded the compute time quota. Upgrade your plan to increase limits.",
      "Your account or project has exceeded the compute time quota.",
      "The project is paused",
      "endpoint is disabled. Enable it using Neon API and retry.",
    ],
  },
  "server-shutting-down": {
    server: [
      "FATAL: the database system is shutting down",
      "FATAL: terminating connection due to administrator command",
      "WARNING: terminating connection because of crash of another server process",
      "FATAL: terminating connection due to unexpected postmaster exit",
    ],
    python: ["asyncpg.exceptions.AdminShutdownError: terminating connection due to administrator command"],
    dotnet: ["57P01: terminating connection due to administrator command"],
  },
  "pooler-server-unreachable": {
    pgbouncer: [
      "FATAL: server login has been failing, try again later (server_login_retry)",
      "FATAL: pgbouncer cannot connect to server",
      "server_connect_timeout",
      "FATAL: server conn crashed?",
    ],
  },
  "pooler-password-type": {
    pgbouncer: [
      "FATAL: server login failed: wrong password type",
      "cannot do SCRAM authentication: password is SCRAM secret but client authentication did not provide SCRAM keys",
    ],
  },
  "session-timed-out": {
    server: ["FATAL: terminating connection due to idle-session timeout"],
    pgbouncer: ["FATAL: client_idle_timeout"],
  },
  "session-gone": {
    server: [
      "FATAL: terminating connection due to idle-in-transaction timeout",
      "FATAL: terminating connection due to transaction timeout",
    ],
    python: ["asyncpg.exceptions.InterfaceError: connection is closed"],
    jdbc: ["This connection has been closed."],
  },
  "session-read-only": {
    libpq: ["session is read-only", "server is in hot standby mode"],
    server: ["ERROR: cannot execute … in a read-only transaction"],
    go: ["read only connection"],
    jdbc: ["Could not find a server with specified targetServerType: primary"],
  },
  "session-not-read-only": {
    libpq: ["session is not read-only", "server is not in hot standby mode"],
    jdbc: ["Could not find a server with specified targetServerType: secondary"],
  },
  "startup-parameter-refused": {
    pgbouncer: [
      "FATAL: unsupported startup parameter: …",
      "FATAL: unsupported startup parameter in options: …",
    ],
    server: [
      'FATAL: unrecognized configuration parameter "…"',
      'FATAL: invalid value for parameter "…": "…"',
      'FATAL: parameter "…" cannot be changed without restarting the server',
      'FATAL: permission denied to set parameter "…"',
    ],
    provider: ["FATAL: unsupported startup parameter: search_path"],
    jdbc: ["ERROR: unsupported startup parameter: extra_float_digits"],
  },
  "server-feature-unsupported": {
    provider: [
      "FATAL: Feature not supported: RDS Proxy currently doesn’t support this kind of session",
      "FATAL: Feature not supported: RDS Proxy currently doesn’t support command-line options.",
    ],
  },
  cancelled: {
    server: [
      "ERROR: canceling statement due to user request",
      "ERROR: canceling statement due to statement timeout",
      "ERROR: canceling statement due to lock timeout",
    ],
    python: ["asyncpg.exceptions.QueryCanceledError: canceling statement due to user request"],
  },
  "vault-write-failed": {
    node: [
      "ENOSPC: no space left on device, write",
      "EROFS: read-only file system",
      "EACCES: permission denied, open",
    ],
  },
};
