/** libpq's own names: what a parameter is called here. */
const libpqNames =
  "host hostaddr port dbname user password sslmode sslrootcert sslcert sslkey sslpassword sslcrl application_name options connect_timeout channel_binding sslnegotiation target_session_attrs ssl_min_protocol_version ssl_max_protocol_version sslsni passfile service";

/** What the programs, panels and files of the world call them; without case, blanks, `_`, `-` and `.`. */
const aliases: Readonly<Record<string, string>> = {
  ...Object.fromEntries(libpqNames.split(" ").map((name) => [plain(name), name])),
  hostname: "host",
  server: "host",
  servername: "host",
  endpoint: "host",
  address: "host",
  addr: "host",
  networkaddress: "host",
  datasource: "host",
  serveraddress: "host",
  portnumber: "port",
  database: "dbname",
  databasename: "dbname",
  db: "dbname",
  initialcatalog: "dbname",
  maintenancedb: "dbname",
  username: "user",
  userid: "user",
  uid: "user",
  login: "user",
  role: "user",
  pass: "password",
  passwd: "password",
  pwd: "password",
  psw: "password",
  applicationname: "application_name",
  connecttimeout: "connect_timeout",
  connectiontimeout: "connect_timeout",
  sslca: "sslrootcert",
  sslcafile: "sslrootcert",
  rootcertificate: "sslrootcert",
  channelbinding: "channel_binding",
  targetsessionattributes: "target_session_attrs",
};

/** libpq's name for a parameter, whatever form it comes from; undefined where it is none of any. */
export function parameterNamed(written: string): string | undefined {
  const name = plain(written);
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

/** Parameters under libpq's names; a name that libpq knows itself wins over another program's for the same. */
export function underLibpqNames(parameters: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [written, value] of parameters) {
    const name = parameterNamed(written) ?? written;
    if (name === written || !parameters.has(name)) found.set(name, value);
  }
  return found;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[ _.-]/g, "");
}
