import { describe, expect, test } from "vitest";
import { type ProfileMeta, profileMeta } from "#lib/profiles/profile.ts";
import { importVersion1 } from "#lib/saved/import-v1.ts";
import { importDifferences } from "#lib/saved/imported-tls.ts";
import words from "#messages/en/import.json" with { type: "json" };

const now = new Date("2026-11-22T12:00:00.000Z");
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

interface Ssl {
  readonly rejectUnauthorized?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

function entry(connectionString: string, ssl?: Ssl) {
  return {
    id: "legacy-1",
    name: "Shop",
    connectionString,
    default: true,
    createdAt: "2025-03-04T05:06:07.000Z",
    ...(ssl === undefined ? {} : { ssl }),
  };
}

function imported(...connections: unknown[]) {
  const result = importVersion1({ version: 1, connections, preferences: { theme: "dark" } }, now);
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value.map((record) => ({
    kind: record.kind,
    meta: record.meta,
    secrets: Object.fromEntries(
      Object.entries(record.secrets ?? {}).map(([name, secret]) => [name, secret.reveal()]),
    ),
  }));
}

function importedOne(connectionString: string, ssl?: Ssl) {
  const [record] = imported(entry(connectionString, ssl));
  if (record?.kind !== "conn") throw new Error("no connection");
  const meta = record.meta as ProfileMeta;
  return { meta, secrets: record.secrets, differences: meta.imported?.differences };
}

describe("one entry of version 0.3", () => {
  test("comes over with every field", () => {
    const { meta, secrets } = importedOne(
      "postgresql://app:p%40ss%2Fword@db.example.test:6543/shop?sslmode=verify-full&application_name=old&connect_timeout=7",
      { ca, cert: "CERT", key: "KEY", passphrase: "pass phrase" },
    );
    expect(meta).toEqual({
      name: "Shop",
      environment: "none",
      host: "db.example.test",
      port: 6543,
      database: "shop",
      user: "app",
      signIn: "password",
      connectTimeoutMs: 7000,
      applicationName: "old",
      options: "",
      tls: {
        mode: "verify-full",
        trust: "own",
        ca,
        clientCertificate: "CERT",
        allowSelfSigned: false,
        minVersion: "TLSv1.2",
        maxVersion: "TLSv1.3",
        negotiation: "postgres",
        channelBinding: "prefer",
        sni: true,
      },
      allowWeakPassword: false,
      createdAt: "2025-03-04T05:06:07.000Z",
      updatedAt: "2026-11-22T12:00:00.000Z",
      imported: { legacyId: "legacy-1", differences: [] },
    });
    expect(secrets).toEqual({ password: "p@ss/word", clientKey: "KEY", keyPassphrase: "pass phrase" });
  });

  test("is what the store takes", () => {
    for (const text of ["postgres://u@h/d", "nonsense", "postgres://u@h/d?sslmode=NO&x=1"]) {
      expect(profileMeta.safeParse(importedOne(text).meta).success).toBe(true);
    }
  });

  test("signs in with the certificate where there is no password", () => {
    const ssl = { cert: "CERT", key: "KEY" };
    expect(importedOne("postgres://u@h/d?sslmode=require", ssl).meta.signIn).toBe("certificate");
    expect(importedOne("postgres://u:p@h/d?sslmode=require", ssl).meta.signIn).toBe("password");
    expect(importedOne("postgres://u@h/d", ssl).meta.signIn).toBe("password");
  });

  test("a password with an unescaped @ worked there, and comes over whole", () => {
    const { meta, secrets } = importedOne("postgres://app:p@ss%40@db.example.test/shop?sslmode=require");
    expect(secrets.password).toBe("p@ss@");
    expect(meta.host).toBe("db.example.test");
  });

  test("empty certificate fields are none", () => {
    const { meta, secrets } = importedOne("postgres://u:p@h/d?sslmode=require", {
      ca: "",
      cert: " ",
      key: "",
    });
    expect(meta.tls).not.toHaveProperty("ca");
    expect(meta.tls).not.toHaveProperty("clientCertificate");
    expect(secrets).toEqual({ password: "p" });
  });
});

/** What the old program did on the wire was measured with its own code; the notes follow from that. */
describe("labelled as the old program labelled it, with a note where it did something else", () => {
  const selfSigned = { rejectUnauthorized: false };
  test.each<[string, Ssl | undefined, string, string, boolean, readonly string[]]>([
    ["", undefined, "disable", "system", false, []],
    ["", { ca }, "disable", "own", false, ["was-plaintext"]],
    ["", { cert: "C", key: "K" }, "disable", "system", false, ["was-plaintext"]],
    ["", selfSigned, "disable", "system", false, ["was-plaintext"]],
    ["?sslmode=disable", { ca }, "disable", "own", false, []],
    ["?sslmode=allow", undefined, "allow", "system", false, ["fallback-never-happened"]],
    ["?sslmode=prefer", undefined, "prefer", "system", false, ["fallback-never-happened"]],
    ["?sslmode=require", undefined, "require", "system", false, []],
    ["?sslmode=require", { ca }, "require", "own", false, ["require-checks-the-ca-now"]],
    ["?sslmode=require", { ca, ...selfSigned }, "require", "own", true, []],
    ["?sslmode=require", selfSigned, "require", "system", true, []],
    ["?sslmode=verify-ca", { ca }, "verify-ca", "own", false, ["verify-ca-checked-the-name"]],
    ["?sslmode=verify-ca", undefined, "verify-full", "mozilla", false, ["verify-ca-without-ca"]],
    ["?sslmode=verify-ca", { ca, ...selfSigned }, "verify-ca", "own", true, []],
    ["?sslmode=verify-full", undefined, "verify-full", "mozilla", false, []],
    ["?sslmode=verify-full", { ca }, "verify-full", "own", false, []],
    ["?sslmode=verify-full", selfSigned, "verify-full", "system", true, []],
    ["?sslmode=no-verify", undefined, "require", "system", true, ["no-verify-was-verified"]],
    ["?sslmode=no-verify", selfSigned, "require", "system", true, []],
    ["?sslmode=DISABLE", undefined, "verify-full", "mozilla", false, ["mode-unknown-was-verified"]],
    ["?sslmode=requier", { ca }, "verify-full", "own", false, ["mode-unknown-was-verified"]],
    ["?ssl=true", undefined, "verify-full", "mozilla", false, ["ssl-true-was-verified"]],
    ["?ssl=true&sslmode=require", undefined, "require", "system", false, []],
  ])("%s with %j: %s, %s", (query, ssl, mode, trust, allowSelfSigned, differences) => {
    const found = importedOne(`postgres://u:p@db.example.test/d${query}`, ssl);
    expect(found.meta.tls).toMatchObject({ mode, trust, allowSelfSigned });
    expect(found.differences).toEqual(differences);
  });

  test.each([
    ["postgres://u:p@10.1.2.3/d?sslmode=verify-full", ["ip-was-checked-as-localhost"]],
    ["postgres://u:p@[2001:db8::1]/d?sslmode=verify-full", ["ip-was-checked-as-localhost"]],
    ["postgres://u:p@10.1.2.3/d?sslmode=require", []],
  ])("an address as host: %s", (text, differences) => {
    expect(importedOne(text).differences).toEqual(differences);
  });

  test("a second host in the query is the one it went to", () => {
    const { meta, differences } = importedOne(
      "postgres://u:p@shown.example/d?host=real.example&sslmode=require",
    );
    expect(meta.host).toBe("real.example");
    expect(differences).toEqual(["host-was-overridden"]);
  });

  test("files of the old machine are named, never read", () => {
    const text = "postgres://u:p@h/d?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-full";
    const { meta, secrets, differences } = importedOne(text, { ca });
    expect(differences).toEqual(["server-files-were-used"]);
    expect(meta.imported?.leftOver).toEqual(["sslrootcert=/etc/ca.pem"]);
    expect(meta.tls).toMatchObject({ mode: "verify-full", trust: "own", ca });
    expect(secrets.unparsed).toBe(text);
  });

  test("parameters without a place here are shown, and a secret one only sealed", () => {
    const text =
      "postgres://u:p@h/d?sslmode=require&pgbouncer=true&target_session_attrs=read-write&api_token=s3cr3t";
    const { meta, secrets, differences } = importedOne(text);
    expect(differences).toEqual(["parameters-left-over"]);
    expect(meta.imported?.leftOver).toEqual([
      "pgbouncer=true",
      "api_token=…",
      "target_session_attrs=read-write",
    ]);
    expect(secrets.unparsed).toBe(text);
    expect(JSON.stringify(meta)).not.toContain("s3cr3t");
  });

  test("every note has words", () => {
    expect(Object.keys(words).sort()).toEqual([...importDifferences].sort());
  });
});

describe("nothing is dropped", () => {
  test.each([
    ["postgres://app:s3cr3t/with@slash@db/shop", "postgres://app:…@db/shop"],
    ["mysql://root:s3cr3t@db/shop", "mysql://root:…@db/shop"],
    ["postgres://app:s3cr3t@h1,h2/shop", "postgres://app:…@h1,h2/shop"],
    ["jdbc:postgresql://db/shop?user=app&password=s3cr3t", "jdbc:postgresql://db/shop?user=app&password=…"],
    ["Host=db;Password=s3cr3t with blanks;Database=shop", "Host=db;Password=…;Database=shop"],
    ["postgres://app:s3cr3t", "postgres://app:…"],
    ["nonsense", "nonsense"],
  ])("%s is kept to be fixed, and shown without its password", (text, shown) => {
    const { meta, secrets, differences } = importedOne(text, { ca, key: "KEY", rejectUnauthorized: false });
    expect(meta.imported?.unparsed).toBe(shown);
    expect(differences).toEqual(["string-unreadable"]);
    expect(meta).toMatchObject({ name: "Shop", host: "", tls: { ca, trust: "own", allowSelfSigned: true } });
    expect(secrets).toEqual({ unparsed: text, clientKey: "KEY" });
    expect(JSON.stringify(meta)).not.toContain("s3cr3t");
  });

  test.each([
    [{ id: "x", name: "No string" }, "No string"],
    [{ id: 7, name: "Odd id", connectionString: "postgres://u:s3cr3t@h/d" }, "Odd id"],
    ["just a word", ""],
    [null, ""],
  ])("an entry that is none, %j, is sealed as it is", (odd, name) => {
    const [record] = imported(odd);
    expect(record?.meta).toMatchObject({ name, imported: { differences: ["entry-unreadable"] } });
    expect(JSON.parse(record?.secrets.unparsed ?? "")).toEqual(odd);
    expect(JSON.stringify(record?.meta)).not.toContain("s3cr3t");
  });

  test("what the file held besides connections is one record", () => {
    const records = imported(entry("postgres://u@h/d"), {
      ...entry("postgres://u@h/e"),
      id: "b",
      default: false,
    });
    expect(records.map((record) => record.kind)).toEqual(["conn", "conn", "import"]);
    expect(records[2]?.meta).toMatchObject({
      preferences: { theme: "dark" },
      connections: [
        { legacyId: "legacy-1", wasDefault: true },
        { legacyId: "b", wasDefault: false },
      ],
    });
  });

  test.each([[{ version: 1 }], [{ version: 1, connections: {} }], [{ version: 1, connections: "none" }]])(
    "%j lists no connections: damage, not an empty import",
    (file) => {
      const result = importVersion1(file, now);
      expect(result.ok ? "" : result.problem.code).toBe("vault-damaged");
    },
  );

  test("a date that is none becomes the import's", () => {
    const [record] = imported({ ...entry("postgres://u@h/d"), createdAt: "yesterday" });
    expect(record?.meta).toMatchObject({ createdAt: now.toISOString() });
  });
});
