import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tryTarget } from "#lib/cli/check.ts";
import { readTarget } from "#lib/cli/target.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed } from "#lib/problems/result.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { startRogue } from "#tests/support/rogue-server.ts";

/** Where we mean to differ from libpq 18, as docs/libpq-differences.md has it; libpq's side is in the comment. */
const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-differences-"));
const host = "db.tls.test";
let server: SampleServer;
let root: SampleCertificate;
let good: SampleCertificate;
let rootFile: string;
let otherFile: string;

beforeAll(async () => {
  // What lies in the home of whoever runs this plays no part.
  vi.stubEnv("HOME", folder);
  root = await makeCertificate({ ca: true, commonNames: ["Sample Root"] });
  const other = await makeCertificate({ ca: true, commonNames: ["Other Root"] });
  good = await leaf();
  rootFile = file("root.crt", root.pem);
  otherFile = file("other.crt", other.pem);
  server = await startPostgres({
    certificate: good,
    users: [{ name: "app", password: "right" }],
    hba: ["host all all all trust"],
  });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("no-plain-text-after-a-failed-check", () => {
  test("prefer stops at a certificate that does not verify (libpq: plain text)", async () => {
    expect(await outcome({ sslmode: "prefer", sslrootcert: otherFile })).toBe("tls-unknown-ca");
  });
});

describe("material-is-read-first", () => {
  test.each(["prefer", "allow"])("%s stops at an empty root file (libpq: plain text)", async (sslmode) => {
    const sslrootcert = file("empty.crt", "");
    expect(await outcome({ sslmode, sslrootcert })).toBe("trust-no-ca");
  });

  test.each(["prefer", "allow"])(
    "%s stops at a key that others may read (libpq: plain text)",
    async (mode) => {
      const sslkey = file("open.key", good.keyPem, 0o644);
      const sslcert = file("client.crt", good.pem);
      expect(await outcome({ sslmode: mode, sslcert, sslkey })).toBe("key-unreadable");
    },
  );
});

describe("no-weak-password-to-an-unproved-server", () => {
  beforeAll(() => server.writeHba(["host all all all password"]));
  afterAll(() => server.writeHba(["host all all all trust"]));

  test.each([
    ["require", "auth-method-refused"],
    ["verify-ca", "auth-method-refused"],
    // And not where the server is proved.
    ["verify-full", "tls"],
  ])("%s: %s (libpq: sends it)", async (sslmode, expected) => {
    expect(await outcome({ sslmode, sslrootcert: rootFile, password: "right" })).toBe(expected);
  });
});

describe("unreadable-list", () => {
  test("a list that is none stops the check (libpq: ignores it)", async () => {
    const sslcrl = file("garbage.crl", "no list\n");
    expect(await outcome({ sslmode: "verify-full", sslrootcert: rootFile, sslcrl })).toBe("crl-unreadable");
  });

  test("a missing list is none, also to libpq", async () => {
    const sslcrl = path.join(folder, "missing.crl");
    expect(await outcome({ sslmode: "verify-full", sslrootcert: rootFile, sslcrl })).toBe("tls");
  });

  test("a folder of lists counts without it (libpq: ignores the folder, too)", async () => {
    const sslcrldir = path.join(folder, "lists");
    mkdirSync(sslcrldir);
    const sslcrl = path.join(folder, "missing.crl");
    const given = { sslmode: "verify-full", sslrootcert: rootFile, sslcrl, sslcrldir };
    expect(await outcome(given)).toBe("crl-unreadable");
  });
});

describe("openssl-security-level", () => {
  afterAll(() => server.swapCertificate(good));

  test("a SHA-1 signature is refused (libpq with OpenSSL 1.1: taken)", async () => {
    await server.swapCertificate(await leaf({ hash: "SHA-1" }));
    expect(await outcome({ sslmode: "verify-full", sslrootcert: rootFile })).toBe("tls-weak-signature");
  });

  test("RSA with 1024 bits is what this Node's OpenSSL says", async () => {
    await server.swapCertificate(await leaf({ key: "rsa-1024" }));
    const expected = /^3\.[01]\./.test(process.versions.openssl) ? "tls" : "tls-weak-key";
    expect(await outcome({ sslmode: "verify-full", sslrootcert: rootFile })).toBe(expected);
  });
});

describe("openssl-1-1-own-anchor", () => {
  afterAll(() => server.swapCertificate(good));

  test("a self-signed certificate vouches for itself (libpq with OpenSSL 1.1: refused)", async () => {
    const self = await makeCertificate({ dns: [host], commonNames: [host] });
    await server.swapCertificate(self);
    const sslrootcert = file("self.crt", self.pem);
    expect(await outcome({ sslmode: "verify-full", sslrootcert })).toBe("tls");
  });
});

describe("certificate-demanded-of-the-lasting-connection", () => {
  test("a refused certificate and plain text do not meet sslcertmode=require (libpq: they do)", async () => {
    await server.change({ ca: root.pem, settings: { ssl_max_protocol_version: "TLSv1.2" } });
    const foreign = await makeCertificate({ commonNames: ["app"] });
    const sslcert = file("foreign.crt", foreign.pem);
    const sslkey = file("foreign.key", foreign.keyPem);
    const given = { sslmode: "prefer", sslcert, sslkey };
    expect(await outcome(given)).toBe("plaintext");
    expect(await outcome({ ...given, sslcertmode: "require" })).toBe("auth-client-certificate-unused");
  });
});

describe("parameter-not-carried-out", () => {
  test.each([{ requiressl: "1" }, { min_protocol_version: "latest" }])(
    "%j (libpq: connects)",
    async (given) => {
      expect(await outcome({ sslmode: "verify-full", sslrootcert: rootFile, ...given })).toBe(
        "string-parameter-unsupported",
      );
    },
  );
});

describe("outside of the comparison: a client certificate and a server that does not verify", () => {
  test.each([
    ["TLSv1.2", "shown-early"],
    ["TLSv1.3", undefined],
  ] as const)("%s shows %s, and nothing after it (libpq: neither)", async (version, expected) => {
    const client = await makeCertificate({ commonNames: ["shown-early"], issuer: root });
    const stranger = await makeCertificate({ dns: [host], commonNames: [host] });
    let shown: string | undefined;
    let isOver = false;
    const rogue = await startRogue(async (line) => {
      line.socket.on("close", () => {
        isOver = true;
      });
      const asking = { requestCert: true, rejectUnauthorized: false, ca: root.pem, maxVersion: version };
      const { socket } = await line.secure({ cert: stranger.pem, key: stranger.keyPem, ...asking });
      if (socket instanceof TLSSocket) shown = [socket.getPeerCertificate().subject.CN].flat()[0];
    });
    try {
      const sslcert = file("shown.crt", client.pem);
      const sslkey = file("shown.key", client.keyPem);
      const given = { sslmode: "verify-full", sslrootcert: rootFile, sslcert, sslkey, password: "right" };
      expect(await outcome({ ...given, port: String(rogue.port) })).toBe("tls-self-signed");
      await expect.poll(() => isOver).toBe(true);
      expect(shown).toBe(expected);
      // Only what came before TLS was ever said in the clear, and nothing inside it.
      expect(rogue.received()).toHaveLength(8);
    } finally {
      await rogue.stop();
    }
  });
});

async function outcome(parameters: Readonly<Record<string, string>>): Promise<string> {
  const usual = { host, hostaddr: "127.0.0.1", port: String(server.port), user: "app", dbname: "postgres" };
  const text = writeKeywords(new Map(Object.entries({ ...usual, ...parameters })));
  const target = await readTarget(text, 1, {
    find: async (name) => failed(problem("not-found", { name })),
  });
  const { report } = await tryTarget(target);
  return report.problem?.code ?? (report.tls === null ? "plaintext" : "tls");
}

function leaf(options: Parameters<typeof makeCertificate>[0] = {}): Promise<SampleCertificate> {
  return makeCertificate({ dns: [host], issuer: root, ...options });
}

function file(name: string, text: string, mode = 0o600): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, text, { mode });
  return whole;
}
