import { dnsName, nameKinds } from "./material.ts";

/** One connection string, as libpq parameters; `{file}` and `{port}` stand for what a run has. */
export type Row = Readonly<Record<string, string>>;

/** Rows that meet the same server. */
export interface Group {
  readonly id: string;
  /** Kind of the server's certificate; none has no TLS. */
  readonly certificate: string | undefined;
  /** Lines of pg_hba.conf. */
  readonly hba: readonly string[];
  /** Whether the server asks clients for a certificate. */
  readonly asksForCertificate?: boolean;
  readonly settings?: Readonly<Record<string, string | boolean>>;
  readonly rows: readonly Row[];
}

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
const byName: Row = { host: dnsName, hostaddr: "127.0.0.1" };
const hosts: readonly Row[] = [byName, { host: "localhost" }, { host: "127.0.0.1" }, { host: "::1" }];
const everybody = ["host all all all trust"];
const root: Row = { sslrootcert: "{root}" };

/** All groups; the order is that of the run. */
export function matrix(certificates: readonly string[]): readonly Group[] {
  return [
    ...certificates.map(certificateGroup),
    { id: "no TLS", certificate: undefined, hba: everybody, rows: withoutTls() },
    { id: "chain, trusted roots", certificate: "chain", hba: everybody, rows: roots() },
    { id: "chain-leaf, trusted roots", certificate: "chain-leaf", hba: everybody, rows: roots() },
    { id: "self, trusted roots", certificate: "self", hba: everybody, rows: selfRoots("self") },
    { id: "self-ca, trusted roots", certificate: "self-ca", hba: everybody, rows: selfRoots("self-ca") },
    ...["good", "chain", "revoked"].map(
      (kind): Group => ({ id: `${kind}, lists`, certificate: kind, hba: everybody, rows: lists() }),
    ),
    ...versionSettings.map(
      ([id, settings]): Group => ({
        id: `good, ${id}`,
        certificate: "good",
        hba: everybody,
        settings,
        rows: versions(),
      }),
    ),
    ...authRules.map(
      ([id, hba, certificate]): Group => ({
        id: `rule ${id}`,
        certificate,
        hba,
        asksForCertificate: id.startsWith("cert"),
        rows: signIns(),
      }),
    ),
    ...[true, false].flatMap((asks) =>
      ["TLSv1.2", "TLSv1.3"].map(
        (version): Group => ({
          id: `clients' certificates ${asks ? "asked for" : "not asked for"}, ${version}`,
          certificate: "good",
          hba: everybody,
          asksForCertificate: asks,
          rows: clientCertificates(),
          settings: { ssl_max_protocol_version: version },
        }),
      ),
    ),
    { id: "words", certificate: "good", hba: everybody, rows: words() },
    { id: "several hosts", certificate: "good", hba: everybody, rows: severalHosts() },
    {
      id: "several hosts, read-only",
      certificate: "good",
      hba: everybody,
      rows: severalHosts(),
      settings: { default_transaction_read_only: true },
    },
    { id: "password files and services", certificate: "good", hba: passwordOnly, rows: filesAtHome() },
  ];
}

/** Who is there: modes, roots and ways to write the host, for one certificate and what is sent with it. */
function certificateGroup(kind: string): Group {
  // Signed in with SCRAM, and so bound to the channel: what the certificate is signed with matters for that, too.
  const known: Row = { password: "right" };
  const checked: Row[] = hosts.map((host) => ({ ...host, ...known, sslmode: "verify-full", ...root }));
  if (nameKinds.includes(kind)) {
    const spellings = ["DB.TLS.TEST", "a.db.tls.test", "tls.test", "foo.test", "db.tls.test.", "foo"];
    for (const host of spellings)
      checked.push({ ...byName, ...known, host, sslmode: "verify-full", ...root });
    checked.push({ ...byName, ...known, sslmode: "verify-ca", ...root });
    return { id: kind, certificate: kind, hba: passwordOnly, rows: checked };
  }
  const here: Row = { ...byName, ...known };
  const rows: Row[] = [...checked, { ...here, sslmode: "verify-full", sslrootcert: "{other}" }];
  for (const mode of ["verify-ca", "require", "prefer", "allow"]) {
    rows.push({ ...here, sslmode: mode, ...root }, { ...here, sslmode: mode, sslrootcert: "{other}" });
  }
  for (const mode of ["require", "prefer"]) rows.push({ ...here, sslmode: mode });
  if (kind === "of-ed25519") {
    for (const channel_binding of ["disable", "require"])
      for (const sslmode of ["verify-full", "require"])
        rows.push({ ...here, ...root, sslmode, channel_binding });
  }
  return { id: kind, certificate: kind, hba: passwordOnly, rows };
}

function withoutTls(): Row[] {
  const rows = hosts.flatMap((host) => modes.map((sslmode): Row => ({ ...host, sslmode, ...root })));
  for (const sslmode of modes) rows.push({ ...byName, sslmode, sslnegotiation: "direct", ...root });
  for (const channel_binding of ["disable", "prefer", "require"]) rows.push({ ...byName, channel_binding });
  rows.push({ ...byName, sslcertmode: "require" }, { ...byName, require_auth: "none" }, byName);
  return rows;
}

function roots(): Row[] {
  const given = [
    "root",
    "other",
    "mid",
    "both",
    "root-and-mid",
    "mid-and-root",
    "leaf",
    "renewed-root",
    "expired-root",
    "root-with-words",
    "root-twice",
    "root-with-windows-lines",
    "root-der",
    "root-then-broken",
    "empty",
    "garbage",
    "missing",
    "empty-folder",
  ];
  const rows: Row[] = [];
  for (const file of given) {
    for (const sslmode of ["verify-full", "verify-ca", "require"]) {
      rows.push({ ...byName, sslmode, sslrootcert: `{${file}}` });
    }
  }
  for (const file of ["empty", "missing", "mid"]) {
    for (const sslmode of ["prefer", "allow"]) rows.push({ ...byName, sslmode, sslrootcert: `{${file}}` });
  }
  for (const sslmode of modes) {
    rows.push({ ...byName, sslmode }, { ...byName, sslmode, sslrootcert: "system" });
  }
  rows.push({ ...byName, sslrootcert: "system" }, { host: "localhost", sslrootcert: "system" }, byName);
  return rows;
}

function selfRoots(own: string): Row[] {
  return [own, "other", "root"].flatMap((file) =>
    ["verify-full", "verify-ca", "require"].flatMap((sslmode): Row[] => [
      { ...byName, sslmode, sslrootcert: `{${file}}` },
      { host: "::1", sslmode, sslrootcert: `{${file}}` },
    ]),
  );
}

function lists(): Row[] {
  const given = ["clean-crl", "revoking-crl", "root-crl-only", "mid-crl-only", "old-crl", "early-crl"].concat(
    ["foreign-crl", "missing", "empty", "garbage"],
  );
  const rows = given.flatMap((file) =>
    ["verify-full", "require"].map((sslmode): Row => ({ ...byName, sslmode, ...root, sslcrl: `{${file}}` })),
  );
  for (const folder of [
    "crl-folder",
    "revoking-folder",
    "empty-folder",
    "missing-folder",
    "unhashed-folder",
  ]) {
    rows.push({ ...byName, sslmode: "verify-full", ...root, sslcrldir: `{${folder}}` });
    rows.push({ ...byName, sslmode: "require", sslcrldir: `{${folder}}` });
  }
  rows.push({ ...byName, sslmode: "require", sslcrl: "{revoking-crl}" });
  rows.push({
    ...byName,
    sslmode: "verify-ca",
    ...root,
    sslcrl: "{revoking-crl}",
    sslcrldir: "{crl-folder}",
  });
  rows.push({ ...byName, sslrootcert: "system", sslcrl: "{revoking-crl}" });
  return rows;
}

const versionSettings: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["any version", {}],
  ["TLS 1.2 only", { ssl_max_protocol_version: "TLSv1.2" }],
  ["TLS 1.3 only", { ssl_min_protocol_version: "TLSv1.3" }],
];

function versions(): Row[] {
  const given = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  const full: Row = { ...byName, sslmode: "verify-full", ...root };
  const rows: Row[] = [full];
  for (const min of given) {
    rows.push({ ...full, ssl_min_protocol_version: min }, { ...full, ssl_max_protocol_version: min });
    for (const max of given.slice(2)) {
      rows.push({ ...full, ssl_min_protocol_version: min, ssl_max_protocol_version: max });
    }
  }
  rows.push({ ...byName, sslmode: "prefer", ssl_min_protocol_version: "TLSv1.3" });
  rows.push({ ...byName, sslmode: "allow", ssl_max_protocol_version: "TLSv1.2" });
  for (const sslmode of modes) rows.push({ ...byName, sslmode, sslnegotiation: "direct", ...root });
  for (const host of hosts) rows.push({ ...host, sslmode: "verify-full", sslnegotiation: "direct", ...root });
  for (const sslsni of ["0", "1"]) {
    rows.push({ ...full, sslsni }, { ...full, sslsni, sslnegotiation: "direct" });
  }
  return rows;
}

const passwordOnly = ["host all all all scram-sha-256"];

const authRules: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ["trust", everybody, "good"],
  ["scram-sha-256", passwordOnly, "good"],
  ["scram-sha-256 without TLS", passwordOnly, undefined],
  ["md5", ["host all all all md5"], "good"],
  ["password", ["host all all all password"], "good"],
  ["cert", ["hostssl all all all cert"], "good"],
  ["hostssl only", ["hostssl all all all scram-sha-256"], "good"],
  ["hostnossl only", ["hostnossl all all all scram-sha-256"], "good"],
  ["reject", ["host all all all reject"], "good"],
  ["cert with clientcert", ["hostssl all all all scram-sha-256 clientcert=verify-full"], "good"],
];

/** `app` has a SCRAM password, `old` an MD5 one, `slow` a SCRAM one of two million rounds. */
function signIns(): Row[] {
  const known: Row = { ...byName, password: "right" };
  const full: Row = { ...known, sslmode: "verify-full", ...root };
  const rows: Row[] = modes.map((sslmode) => ({ ...known, sslmode, ...root }));
  for (const channel_binding of ["disable", "prefer", "require"]) {
    for (const sslmode of ["disable", "prefer", "require"]) rows.push({ ...known, sslmode, channel_binding });
    rows.push({ ...full, channel_binding });
  }
  const methods = [
    "none",
    "password",
    "md5",
    "scram-sha-256",
    "password,md5,scram-sha-256",
    "none,scram-sha-256",
    "!none",
    "!password",
    "!scram-sha-256",
    "!password,!md5",
    "gss,sspi",
    "oauth",
  ];
  for (const require_auth of methods) rows.push({ ...full, require_auth });
  rows.push({ ...full, password: "wrong" }, { ...byName, sslmode: "verify-full", ...root });
  rows.push({ ...full, user: "old" }, { ...full, user: "old", require_auth: "md5" });
  rows.push({ ...known, user: "old", sslmode: "require" }, { ...known, user: "old", sslmode: "disable" });
  const slow: Row = { user: "slow", connect_timeout: "60" };
  rows.push({ ...full, ...slow }, { ...known, ...slow, sslmode: "disable" });
  rows.push({ ...full, user: "nobody-of-that-name" }, { ...full, dbname: "no-such-database" });
  rows.push({ ...full, sslcertmode: "require" }, { ...full, ...ownCertificate, sslcertmode: "require" });
  rows.push({ ...full, ...ownCertificate }, { ...full, ...ownCertificate, sslcertmode: "disable" });
  rows.push({ ...full, ...ownCertificate, require_auth: "none" });
  return rows;
}

const ownCertificate: Row = { sslcert: "{client}", sslkey: "{client-key}" };

function clientCertificates(): Row[] {
  const full: Row = { ...byName, sslmode: "verify-full", ...root };
  const pairs: readonly Row[] = [
    {},
    ownCertificate,
    { sslcert: "{client}", sslkey: "{client-key-sec1}" },
    { sslcert: "{client}", sslkey: "{client-key-der}" },
    { sslcert: "{client}", sslkey: "{client-key-open}" },
    { sslcert: "{client}", sslkey: "{client-key-locked}", sslpassword: "open sesame" },
    { sslcert: "{client}", sslkey: "{client-key-locked}", sslpassword: "wrong" },
    { sslcert: "{client}", sslkey: "{client-key-locked}" },
    { sslcert: "{client}", sslkey: "{client-key}", sslpassword: "not needed" },
    { sslcert: "{client}", sslkey: "{foreign-key}" },
    { sslcert: "{client}", sslkey: "{missing}" },
    { sslcert: "{client}", sslkey: "{garbage}" },
    { sslcert: "{client}" },
    { sslkey: "{client-key}" },
    { sslcert: "{missing}", sslkey: "{client-key}" },
    { sslcert: "{garbage}", sslkey: "{client-key}" },
    { sslcert: "{client-of-mid}", sslkey: "{client-of-mid-key}" },
    { sslcert: "{client-of-mid-alone}", sslkey: "{client-of-mid-key}" },
    { sslcert: "{foreign}", sslkey: "{foreign-key}" },
    { sslcert: "{somebody}", sslkey: "{somebody-key}" },
    { sslcert: "{rsa-client}", sslkey: "{rsa-client-key}" },
    { sslcert: "{rsa-client}", sslkey: "{rsa-client-key-pkcs1}" },
  ];
  const rows = pairs.map((pair): Row => ({ ...full, ...pair }));
  for (const sslcertmode of ["disable", "allow", "require"]) {
    rows.push({ ...full, sslcertmode }, { ...full, ...ownCertificate, sslcertmode });
    rows.push({ ...full, sslcert: "{foreign}", sslkey: "{foreign-key}", sslcertmode });
    rows.push({ ...full, sslcert: "{client}", sslkey: "{client-key-open}", sslcertmode });
    rows.push({ ...byName, sslmode: "disable", ...ownCertificate, sslcertmode });
  }
  rows.push({ ...byName, sslmode: "prefer", sslcert: "{client}", sslkey: "{client-key-open}" });
  rows.push({ ...byName, sslmode: "prefer", sslcert: "{foreign}", sslkey: "{foreign-key}" });
  rows.push({ ...byName, sslmode: "allow", sslcert: "{client}", sslkey: "{client-key-open}" });
  return rows;
}

/** Values that libpq takes or refuses before it dials. */
function words(): Row[] {
  const full: Row = { ...byName, sslmode: "verify-full", ...root };
  const values: Readonly<Record<string, readonly string[]>> = {
    sslmode: ["", "VERIFY-FULL", "verify_full", "true", "no-verify"],
    sslnegotiation: ["", "Direct", "none"],
    sslcertmode: ["", "Require", "on"],
    channel_binding: ["", "Require", "on"],
    require_auth: ["", "scram", "none,none", "none,!md5", "!none,!none", ",", "none,", " none"],
    ssl_min_protocol_version: ["", "tlsv1.2", "TLSv1.4", "1.2", "SSLv3"],
    ssl_max_protocol_version: ["", "tlsv1.3", "TLSv1.4"],
    target_session_attrs: ["", "any", "read-write", "readwrite", "master"],
    load_balance_hosts: ["", "disable", "random", "on"],
    gssencmode: ["", "disable", "prefer", "never"],
    connect_timeout: ["", "5", " 7 ", "x", "1x"],
    port: ["0", "65536", "x", "{port} ", "{port},{port}"],
    hostaddr: ["::1", "localhost", "999.1.1.1", "127.0.0.1,127.0.0.1"],
    service: ["no-such-service", ""],
    passfile: ["{missing}"],
    min_protocol_version: ["", "3.0", "latest", "2.0"],
    max_protocol_version: ["", "3.0", "3.2", "latest"],
    nonsense: ["1"],
    requiressl: ["1"],
    sslcompression: ["0", "1"],
    options: ["-c search_path=x", "-c nonsense=1", "-c statement_timeout=5s"],
    application_name: ["some name", ""],
    client_encoding: ["", "UTF8", "auto"],
    replication: ["", "false"],
  };
  const rows: Row[] = [];
  for (const [name, all] of Object.entries(values)) {
    for (const value of all) rows.push({ ...full, [name]: value });
  }
  for (const sslmode of modes) {
    rows.push({ hostaddr: "127.0.0.1", sslmode, ...root }, { hostaddr: "::1", sslmode, ...root });
  }
  return rows;
}

/** `{shut}` is a port where nothing listens. */
function severalHosts(): Row[] {
  const full: Row = { sslmode: "verify-full", ...root };
  const rows: Row[] = [
    { ...full, host: "127.0.0.1,localhost" },
    { ...full, host: "127.0.0.1,127.0.0.1", port: "{shut},{port}" },
    { ...full, host: "127.0.0.1,127.0.0.1", port: "{port},{shut}" },
    { ...full, host: "127.0.0.1,127.0.0.1", port: "{shut},{shut}" },
    { ...full, host: "localhost,::1,127.0.0.1", port: "{shut},{shut},{port}" },
    { ...full, host: "127.0.0.1,127.0.0.1,127.0.0.1", port: "{port},{port}" },
    { ...full, host: "one.test,two.test", hostaddr: "127.0.0.1,127.0.0.1" },
    { ...full, host: `one.test,${dnsName}`, hostaddr: "127.0.0.1,127.0.0.1" },
    { ...full, host: `${dnsName},one.test`, hostaddr: "127.0.0.1,127.0.0.1" },
    { ...full, host: `${dnsName},one.test`, hostaddr: "127.0.0.1" },
    { ...full, host: `one.test,${dnsName}`, hostaddr: "127.0.0.1,127.0.0.1", port: "{shut},{port}" },
    { ...full, hostaddr: "127.0.0.1,::1" },
    { ...full, host: "nowhere.invalid,127.0.0.1" },
    { ...full, host: "127.0.0.1,nowhere.invalid" },
    { ...full, host: "127.0.0.1,localhost", dbname: "no-such-database" },
  ];
  const wanted = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];
  for (const target_session_attrs of wanted) {
    rows.push({ ...full, host: "localhost", target_session_attrs });
    rows.push({ ...full, host: "127.0.0.1,localhost", target_session_attrs });
    rows.push({ ...full, host: "127.0.0.1,::1", port: "{shut},{port}", target_session_attrs });
    rows.push({ ...byName, sslmode: "disable", target_session_attrs });
  }
  for (const load_balance_hosts of ["disable", "random"]) {
    rows.push({ ...full, host: "127.0.0.1,::1,localhost", load_balance_hosts });
    rows.push({ ...full, host: "127.0.0.1,::1", port: "{shut},{port}", load_balance_hosts });
    rows.push({ ...full, host: "nowhere.invalid,::1", load_balance_hosts });
  }
  return rows;
}

/** What `~/.pgpass`, `~/.pg_service.conf` and files beside them hold: see main.ts. */
function filesAtHome(): Row[] {
  const full: Row = { ...byName, sslmode: "verify-full", ...root };
  return [
    { ...full, user: "kept" },
    { host: "localhost", sslmode: "verify-full", ...root, user: "kept" },
    { ...full, user: "kept", password: "wrong" },
    { ...full, user: "kept", passfile: "{passfile}" },
    { ...full, passfile: "{passfile}" },
    { ...full, passfile: "{open-passfile}" },
    { ...full, passfile: "{missing}" },
    { hostaddr: "127.0.0.1", passfile: "{passfile}", sslmode: "require" },
    { host: "one.test,db.tls.test", hostaddr: "127.0.0.1,127.0.0.1", port: "{shut},{port}" },
    { ...full, host: "wrong.test,db.tls.test", hostaddr: "127.0.0.1,127.0.0.1", passfile: "{passfile}" },
    { service: "whole" },
    { service: "whole", password: "wrong" },
    { service: "whole", sslmode: "disable" },
    { service: "whole", host: "one.test" },
    { service: "strict" },
    { service: "strict", hostaddr: "::1" },
    { service: "nested" },
    { service: "unknown-word" },
    { service: "no-equals" },
    { service: "without-host", ...full, port: "{port}", user: "app", dbname: "postgres" },
    { service: "WHOLE" },
  ];
}
