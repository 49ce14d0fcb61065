import { describe, expect, test } from "vitest";
import { say } from "#lib/cli/words.ts";
import { diagnose } from "#lib/diagnosis/diagnose.ts";
import type { ProblemCode, Step } from "#lib/problems/catalogue.ts";
import { problemWords } from "#lib/problems/words.ts";
import { AttemptStopped } from "#lib/wire/attempt-steps.ts";
import { type Evidence, type HandshakeEvidence, noEvidence, WireProblem } from "#lib/wire/evidence.ts";
import { SocketBreach } from "#lib/wire/inbound-limits.ts";
import { ServerRefusal } from "#lib/wire/request-tls.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

/** What real servers, poolers and clouds say, as it was seen on the wire or in their documentation. */
type Case = readonly [
  what: string,
  error: unknown,
  evidence: Partial<Evidence> & { readonly settings?: Partial<WireSettings> },
  code: ProblemCode,
  step: Step,
];

const cases: readonly Case[] = [
  // Our own side
  ["a cancel", new AttemptStopped("cancelled", 0), { step: "handshake" }, "cancelled", "handshake"],
  [
    "a deadline",
    new AttemptStopped("timeout", 10_000),
    { step: "tls-request" },
    "net-timeout",
    "tls-request",
  ],
  ["a refusal of our own", new WireProblem("tls-not-offered"), {}, "tls-not-offered", "tls-request"],
  ["a flood", new SocketBreach("message", 1), { step: "session" }, "net-not-postgres", "session"],
  ["no error at all", "what", {}, "unexpected", "name"],
  ["a surprise", new Error("what"), {}, "unexpected", "name"],

  // Name and address
  ["no such name", node("ENOTFOUND"), { step: "name" }, "net-name-unknown", "name"],
  ["no resolver", node("EAI_AGAIN"), { step: "name" }, "net-name-temporary", "name"],
  ["refused", node("ECONNREFUSED"), { step: "address" }, "net-refused", "address"],
  ["no route", node("ENETUNREACH"), { step: "address" }, "net-unreachable", "address"],
  ["no host", node("EHOSTUNREACH"), { step: "address" }, "net-unreachable", "address"],
  ["the system's own timeout", node("ETIMEDOUT"), { step: "address" }, "net-timeout", "address"],
  [
    "two addresses: the one that answered tells more",
    node("ENETUNREACH"),
    {
      step: "address",
      addressErrors: [
        { address: "::1", code: "ENETUNREACH" },
        { address: "192.0.2.1", code: "ECONNREFUSED" },
      ],
    },
    "net-refused",
    "address",
  ],

  // TLS request
  ["reset", node("ECONNRESET"), { step: "tls-request" }, "net-reset", "tls-request"],
  ["no slot", new ServerRefusal("53300", "sorry"), {}, "server-full", "tls-request"],
  ["no process", new ServerRefusal("", "could not fork"), {}, "server-full", "tls-request"],
  ["stopping", new ServerRefusal("57P01", "bye"), {}, "server-shutting-down", "session"],
  [
    "a closed standby",
    new ServerRefusal("57P03", "not accepting", "Hot standby mode is disabled."),
    {},
    "server-standby-closed",
    "session",
  ],
  ["stopping, 57P03", new ServerRefusal("57P03", "shutting down"), {}, "server-shutting-down", "session"],
  ["no disk", new ServerRefusal("53100", "no room"), {}, "server-disk-full", "session"],
  [
    "before 7.4",
    new ServerRefusal("", "unsupported frontend protocol"),
    {},
    "tls-not-offered",
    "tls-request",
  ],
  ["without TLS support", new ServerRefusal("0A000", "no"), {}, "server-feature-unsupported", "session"],
  ["a refusal", new ServerRefusal("28000", "not you"), {}, "auth-refused", "sign-in"],
  [
    "something else",
    new ServerRefusal("XX000", "what"),
    { step: "tls-request" },
    "unexpected",
    "tls-request",
  ],

  // Handshake: the numbers of RFC 8446, with the names that OpenSSL gave them over time
  ...alerts([
    [40, "tls-cipher-refused"],
    [42, "client-certificate-refused"],
    [43, "client-certificate-wrong-purpose"],
    [44, "client-certificate-revoked"],
    [45, "client-certificate-expired"],
    [46, "client-certificate-refused"],
    [48, "client-certificate-unknown-ca"],
    [70, "tls-version-refused"],
    [80, "tls-closed"],
    [116, "client-certificate-required"],
    [120, "tls-alpn-refused"],
  ]),
  [
    "spoke plain text",
    openssl("ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number"),
    { step: "handshake" },
    "net-not-postgres",
    "handshake",
  ],
  [
    "spoke plain text to direct TLS",
    openssl("EPROTO", "wrong version number"),
    { step: "handshake", settings: { tls: { negotiation: "direct" } } },
    "tls-direct-refused",
    "handshake",
  ],
  ["closed", node("ECONNRESET"), { step: "handshake" }, "tls-closed", "handshake"],
  [
    "closed direct TLS",
    node("ECONNRESET"),
    { step: "handshake", settings: { tls: { negotiation: "direct" } } },
    "tls-direct-refused",
    "handshake",
  ],
  [
    "an old version chosen",
    openssl("ERR_SSL_UNSUPPORTED_PROTOCOL", "unsupported protocol"),
    { step: "handshake" },
    "tls-version-refused",
    "handshake",
  ],
  [
    "nothing left",
    openssl("ERR_SSL_NO_PROTOCOLS_AVAILABLE", "no protocols available"),
    { step: "handshake" },
    "tls-range-empty",
    "input",
  ],
  [
    "a weak key exchange",
    openssl("ERR_SSL_DH_KEY_TOO_SMALL", "dh key too small"),
    { step: "handshake" },
    "tls-weak-key",
    "chain",
  ],
  [
    "closed after the handshake, with a client certificate",
    new Error("Connection terminated unexpectedly"),
    { step: "sign-in", handshake: handshake({ sentClientCertificate: true }) },
    "client-certificate-refused",
    "handshake",
  ],

  // Certificates and keys
  [
    "a wrong passphrase",
    openssl("ERR_OSSL_BAD_DECRYPT"),
    { settings: { keyPassphrase: "x" } },
    "key-passphrase-wrong",
    "input",
  ],
  ["no passphrase", openssl("ERR_OSSL_BAD_DECRYPT"), {}, "key-passphrase-missing", "input"],
  ["an old cipher", openssl("ERR_OSSL_EVP_UNSUPPORTED"), {}, "key-cipher-unsupported", "input"],
  ["another key", openssl("ERR_OSSL_X509_KEY_VALUES_MISMATCH"), {}, "key-not-for-certificate", "input"],
  ["no certificate", openssl("ERR_OSSL_PEM_NO_START_LINE"), {}, "pem-not-a-certificate", "input"],
  ["no key", openssl("ERR_OSSL_UNSUPPORTED"), {}, "key-unreadable", "input"],
  ["no list", new Error("Failed to parse CRL"), {}, "crl-unreadable", "input"],

  // Sign-in, by PostgreSQL
  ...plain([
    [
      "28000",
      "ClientAuthentication",
      'no pg_hba.conf entry for host "::1", user "a", database "b", no encryption',
      "auth-tls-required",
    ],
    [
      "28000",
      "ClientAuthentication",
      "kein pg_hba.conf-Eintrag für Host »::1«, keine Verschlüsselung",
      "auth-tls-required",
    ],
    ["28000", "ClientAuthentication", "pg_hba.conf rejects connection for host", "auth-rule-reject"],
    ["28000", "ClientAuthentication", "pg_hba.conf lehnt Verbindung ab für Host", "auth-rule-reject"],
    ["28000", "ClientAuthentication", "pg_hba.conf rejette la connexion pour l'hôte", "auth-rule-reject"],
    ["28000", "InitializeSessionUserId", "le rôle « a » n'existe pas", "auth-role-unknown"],
  ]),
  ...encrypted([
    [
      "28000",
      "ClientAuthentication",
      'no pg_hba.conf entry for host "::1", SSL encryption',
      "auth-rule-missing",
    ],
    [
      "28000",
      "ClientAuthentication",
      "la connexion requiert un certificat client valide",
      "auth-client-certificate-missing",
    ],
    ["28000", "auth_failed", 'Ident authentication failed for user "a"', "auth-refused"],
    ["28P01", "auth_failed", "authentification par mot de passe échouée", "auth-password-wrong"],
    [
      "28000",
      "read_client_final_message",
      "SCRAM channel binding check failed",
      "auth-channel-binding-failed",
    ],
    ["28000", "read_client_final_message", "échec de la vérification du lien", "auth-channel-binding-failed"],
  ]),
  [
    "LDAP refused the password",
    server("28000", "auth_failed", "LDAP-Authentifizierung fehlgeschlagen"),
    { step: "sign-in", signIn: signIn({ method: "password" }) },
    "auth-password-wrong",
    "sign-in",
  ],
  [
    "refused after the password, though a certificate could have been given",
    server("28000", "", "account is locked"),
    { step: "sign-in", certificateAsked: true, signIn: signIn({ method: "scram-sha-256" }) },
    "auth-refused",
    "sign-in",
  ],
  [
    "refused before anything else was asked for, and no certificate was given",
    server("28000", "", "no"),
    { step: "sign-in", certificateAsked: true },
    "auth-client-certificate-missing",
    "sign-in",
  ],
  [
    "another's certificate",
    server("28000", "auth_failed", "certificate authentication failed"),
    { step: "sign-in", handshake: handshake({ sentClientCertificate: true }) },
    "auth-client-certificate-other-user",
    "sign-in",
  ],
  [
    "a right password, another's certificate",
    server("28P01", "auth_failed", "password authentication failed"),
    { step: "sign-in", signIn: signIn({ passwordAccepted: true }) },
    "auth-client-certificate-other-user",
    "sign-in",
  ],

  // Session
  ...session([
    ["3D000", 'database "x" does not exist', "database-unknown"],
    ["55000", 'database "x" is not currently accepting connections', "database-not-accepting"],
    ["42501", 'permission denied for database "x"', "database-not-accepting"],
    ["53300", "remaining connection slots are reserved", "server-too-many-connections"],
    ["57P03", "the database system is starting up", "server-starting"],
    ["57P03", "the database system is shutting down", "server-shutting-down"],
    ["57P03", "Datenbanksystem fährt herunter", "server-shutting-down"],
    ["57P01", "terminating connection due to administrator command", "server-shutting-down"],
    ["42704", 'unrecognized configuration parameter "nix"', "startup-parameter-refused"],
    ["99999", "what", "unexpected"],
    ["0A000", "unsupported frontend protocol 3.2: server supports 2.0 to 3.0", "net-not-postgres"],
    ["0A000", "das wird nicht unterstützt", "server-feature-unsupported"],
    ["53200", "Speicher aufgebraucht", "server-out-of-memory"],
    ["57P04", "terminating connection because the database was dropped", "database-unknown"],
    ["25P04", "terminating connection due to transaction timeout", "session-timed-out"],
  ]),

  // Poolers and clouds
  ...session([
    ["08P01", "SSL required", "auth-tls-required"],
    ["08P01", "unsupported startup parameter: statement_timeout", "startup-parameter-refused"],
    ["0A000", 'setting configuration parameter "options" not supported', "startup-parameter-refused"],
    ["08P01", "SASL authentication failed", "auth-password-wrong"],
    ["08P01", "no such user: a", "auth-role-unknown"],
    ["08P01", "no such database: b", "database-unknown"],
    ["28000", "SSL connection is required. Please specify SSL options and retry.", "auth-tls-required"],
    ["28000", "connection is insecure (try using `sslmode=require`)", "auth-tls-required"],
    [
      "08P01",
      "The endpoint ID is not specified. Either please upgrade the postgres client library",
      "auth-sni-required",
    ],
    ["28000", "unable to accept connection, sni was not received", "auth-sni-required"],
    ["XX000", "Tenant or user not found", "auth-pooler-tenant-unknown"],
    ["28000", "IAM authentication failed for user", "auth-token-refused"],
    ["28000", 'PAM authentication failed for user "a"', "auth-password-wrong"],
  ]),
  [
    "an RDS token",
    server("28000", "auth_failed", "PAM authentication failed"),
    { step: "sign-in", settings: { host: "a.b.eu-west-1.rds.amazonaws.com" } },
    "auth-token-refused",
    "sign-in",
  ],

  // The driver
  [
    "too many rounds",
    new Error(
      "SASL: SCRAM-SERVER-FIRST-MESSAGE: iteration count 200000 exceeds scramMaxIterations of 100000",
    ),
    { step: "sign-in" },
    "auth-method-refused",
    "sign-in",
  ],
  [
    "a liar",
    new Error("SASL: SCRAM-SERVER-FINAL-MESSAGE: server signature does not match"),
    { step: "sign-in" },
    "auth-method-refused",
    "sign-in",
  ],
  [
    "no binding for this certificate",
    new Error("SASL channel binding: unknown OID"),
    { step: "sign-in" },
    "auth-channel-binding-unsupported",
    "sign-in",
  ],
  ["gone", new Error("Connection terminated unexpectedly"), { step: "session" }, "net-closed", "session"],
];

describe("diagnose", () => {
  test.each(cases)("%s", (_what, error, evidence, code, step) => {
    expect(diagnose(error, seen(evidence))).toMatchObject({ code, step });
  });

  test("what a server said is one line and short", () => {
    const { facts } = diagnose(
      server("XX000", "", `a\n\u202e${"b".repeat(1000)}`),
      seen({ step: "sign-in" }),
    );
    expect(facts.message).toMatch(/^a\\u\{a\}\\u\{202e\}b+…$/);
  });

  test("the protocol's version in another language is known by who reports it", () => {
    const error = server("0A000", "ProcessStartupPacket", "nicht unterstütztes Frontend-Protokoll 3.2");
    expect(diagnose(error, seen({ step: "session" })).code).toBe("net-not-postgres");
  });

  test("what nobody has seen is told in the server's words, with its SQLSTATE", () => {
    const found = diagnose(server("58P01", "", "no such thing"), seen({ step: "session" }));
    expect(found).toMatchObject({
      code: "unexpected",
      facts: { message: "no such thing", sqlstate: "58P01" },
    });
    expect(problemWords(found, say).cause).toBe(
      "The server sent a response that the console does not know: no such thing (SQLSTATE 58P01)",
    );
    const ours = diagnose(new Error("a surprise"), seen({ step: "session" }));
    expect(problemWords(ours, say).cause).not.toMatch(/The server/);
  });

  test("a fact is never a secret", () => {
    const secret = "canary-91";
    const settings = { password: secret, clientKey: secret, keyPassphrase: secret };
    for (const [, error, evidence] of cases) {
      const found = diagnose(error, seen({ ...evidence, settings: { ...evidence.settings, ...settings } }));
      expect(JSON.stringify(found)).not.toContain(secret);
    }
  });
});

describe("fixes", () => {
  const fixes = (error: unknown, evidence: Case[2]) => diagnose(error, seen(evidence)).fixes;

  test("TLS required: on, verified first", () => {
    const error = server("28000", "ClientAuthentication", "no pg_hba.conf entry, no encryption");
    expect(fixes(error, { step: "sign-in", transport: "plaintext" })).toEqual([
      { id: "turn-ssl-on", change: { ssl: true, mode: "verify-full", trust: "system" } },
      { id: "use-require", change: { ssl: true, mode: "require" } },
    ]);
  });

  test.each([
    ["x.postgres.database.azure.com", "check-azure-firewall", "Azure Database for PostgreSQL"],
    [
      "c-x.abcdefghij1234.postgres.cosmos.azure.com",
      "check-azure-firewall",
      "Azure Cosmos DB for PostgreSQL",
    ],
    ["x.abc.eu-west-1.rds.amazonaws.com", "check-security-group", "Amazon RDS and Aurora"],
    ["p.abc.db.postgresbridge.com", "check-firewall", "Crunchy Bridge"],
  ])("H5: a timeout at %s points to what keeps addresses out there", (host, id, provider) => {
    for (const error of [
      new AttemptStopped("timeout", 10),
      Object.assign(new Error(""), { code: "ETIMEDOUT" }),
    ]) {
      const [first] = fixes(error, { step: "address", settings: { host } });
      expect(first).toEqual({ id, facts: { provider } });
    }
  });

  test("SSL is never turned off where the provider insists on it (D1)", () => {
    const host = "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws";
    const ids = (name: string) =>
      fixes(new WireProblem("tls-not-offered"), { settings: { host: name } }).map((fix) => fix.id);
    expect(ids("db.test")).toContain("turn-ssl-off");
    expect(ids(host)).not.toContain("turn-ssl-off");
  });

  test("a lower TLS version is offered only where it can help", () => {
    const error = openssl("EPROTO", "alert SSL alert number 70");
    const at = (minVersion: "TLSv1.2" | "TLSv1.3") =>
      fixes(error, { step: "handshake", settings: { tls: { minVersion } } }).map((fix) => fix.id);
    expect(at("TLSv1.3")).toEqual(["lower-min-tls"]);
    expect(at("TLSv1.2")).toEqual([]);
  });

  test("direct negotiation goes back to PostgreSQL's own", () => {
    const settings = { tls: { negotiation: "direct" as const } };
    expect(fixes(node("ECONNRESET"), { step: "handshake", settings })).toEqual([
      { id: "use-postgres-negotiation", change: { negotiation: "postgres" } },
    ]);
  });
});

function seen({ settings, ...evidence }: Case[2]): Evidence {
  return { ...noEvidence(wireProfile({ port: 5432, ...settings }), new Date("2026-06-01")), ...evidence };
}

function node(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

function openssl(code: string, text = ""): Error {
  return Object.assign(new Error(`4017:error:0A000:SSL routines::${text}`), { code });
}

function server(code: string, routine: string, message: string): Error {
  return Object.assign(new Error(message), { code, routine, severity: "FATAL" });
}

function handshake(more: Partial<HandshakeEvidence>): HandshakeEvidence {
  return {
    chain: [],
    name: { matches: true, names: [] },
    protocol: "TLSv1.3",
    cipher: "",
    keyExchange: null,
    alpn: null,
    sni: null,
    sentClientCertificate: false,
    accepted: true,
    built: null,
    anchor: null,
    verifyError: null,
    verifyText: null,
    ...more,
  };
}

function signIn(more: Partial<Evidence["signIn"]>): Evidence["signIn"] {
  const nothing = { method: null, channelBindingOffered: null, channelBindingUsed: false };
  return { ...nothing, passwordAccepted: false, accepted: false, ...more };
}

function alerts(list: readonly (readonly [number, ProblemCode])[]): Case[] {
  return list.flatMap(([number, code]): Case[] => {
    const step = "handshake";
    const old = openssl(
      "EPROTO",
      `tlsv1 alert:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number ${number}\n`,
    );
    const late = openssl(
      "ERR_SSL_SSL/TLS_ALERT_SOMETHING",
      `ssl/tls alert something:SSL alert number ${number}`,
    );
    return [
      [`alert ${number} in the handshake`, old, { step: "handshake" }, code, step],
      [`alert ${number} after it`, late, { step: "sign-in", handshake: handshake({}) }, code, step],
    ];
  });
}

function plain(list: readonly (readonly [string, string, string, ProblemCode])[]): Case[] {
  return list.map(([code, routine, text, found]) => {
    const evidence = { step: "sign-in", transport: "plaintext" } as const;
    return [`plain text: ${text}`, server(code, routine, text), evidence, found, "sign-in"];
  });
}

function encrypted(list: readonly (readonly [string, string, string, ProblemCode])[]): Case[] {
  return list.map(([code, routine, text, found]) => {
    const evidence = { step: "sign-in", signIn: signIn({ channelBindingUsed: true }) } as const;
    return [`TLS: ${text}`, server(code, routine, text), evidence, found, "sign-in"];
  });
}

function session(list: readonly (readonly [string, string, ProblemCode])[]): Case[] {
  return list.map(([code, text, found]) => [
    `session: ${text}`,
    server(code, "", text),
    { step: "session" },
    found,
    found.startsWith("auth-") ? "sign-in" : "session",
  ]);
}
