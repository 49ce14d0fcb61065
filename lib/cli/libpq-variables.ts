import "server-only";

/**
 * The parameters that libpq 18 takes from environment variables (its manual, "Environment Variables").
 * @param environment the `PG*` variables
 * @returns parameters by libpq name; an empty variable counts as none
 */
export function libpqVariables(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [variable, parameter] of Object.entries(parameters)) {
    const value = environment[variable];
    if (value !== undefined && value !== "") found.set(parameter, value);
  }
  // Obsolete, and still read (`conninfo_add_defaults`).
  if (environment.PGREQUIRESSL?.startsWith("1") && !found.has("sslmode")) found.set("sslmode", "require");
  return found;
}

const parameters = {
  PGHOST: "host",
  PGHOSTADDR: "hostaddr",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGPASSFILE: "passfile",
  PGSERVICE: "service",
  PGSERVICEFILE: "servicefile",
  PGOPTIONS: "options",
  PGAPPNAME: "application_name",
  PGCONNECT_TIMEOUT: "connect_timeout",
  PGCLIENTENCODING: "client_encoding",
  PGSSLMODE: "sslmode",
  PGSSLNEGOTIATION: "sslnegotiation",
  PGSSLCOMPRESSION: "sslcompression",
  PGSSLCERT: "sslcert",
  PGSSLKEY: "sslkey",
  PGSSLCERTMODE: "sslcertmode",
  PGSSLROOTCERT: "sslrootcert",
  PGSSLCRL: "sslcrl",
  PGSSLCRLDIR: "sslcrldir",
  PGSSLSNI: "sslsni",
  PGSSLMINPROTOCOLVERSION: "ssl_min_protocol_version",
  PGSSLMAXPROTOCOLVERSION: "ssl_max_protocol_version",
  PGCHANNELBINDING: "channel_binding",
  PGREQUIREAUTH: "require_auth",
  PGREQUIREPEER: "requirepeer",
  PGGSSENCMODE: "gssencmode",
  PGGSSDELEGATION: "gssdelegation",
  PGGSSLIB: "gsslib",
  PGKRBSRVNAME: "krbsrvname",
  PGTARGETSESSIONATTRS: "target_session_attrs",
  PGLOADBALANCEHOSTS: "load_balance_hosts",
  PGMINPROTOCOLVERSION: "min_protocol_version",
  PGMAXPROTOCOLVERSION: "max_protocol_version",
} as const;
