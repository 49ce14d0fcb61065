import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { mozillaStore } from "#lib/trust/mozilla-store.ts";
import { otherTrustStores } from "#lib/trust/other-trust-stores.ts";
import { secureContext } from "#lib/trust/secure-context.ts";
import { systemStore } from "#lib/trust/system-store.ts";
import { trustAnchors } from "#lib/trust/trust-anchors.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

let folder: string;
let first: SampleCertificate;
let second: SampleCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cloak-db-trust-"));
  first = await makeCertificate({ ca: true, commonNames: ["First"] });
  second = await makeCertificate({ ca: true, commonNames: ["Second"] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the system's store", () => {
  test("is read from SSL_CERT_FILE, each certificate once, and what is broken left out", async () => {
    const certFile = file(
      "bundle.pem",
      `${first.pem}${second.pem}${first.pem}-----BEGIN CERTIFICATE-----\nAAAA\n`,
    );
    const store = await systemStore({ certFile });
    expect(store).toMatchObject({ ok: true, value: { origin: certFile } });
    expect(store.ok && store.value.pems).toHaveLength(2);
  });

  test("and from SSL_CERT_DIR", async () => {
    const certDir = join(folder, "certs");
    mkdirSync(certDir);
    writeFileSync(join(certDir, "a.pem"), first.pem);
    writeFileSync(join(certDir, "0a1b2c3d.0"), second.pem);
    writeFileSync(join(certDir, "README"), second.pem);
    const store = await systemStore({ certDir });
    expect(store.ok && store.value.pems).toHaveLength(2);
  });

  test("is the same while its file is, and another when it changes", async () => {
    const certFile = file("changing.pem", first.pem);
    const before = await systemStore({ certFile });
    const again = await systemStore({ certFile });
    expect(before.ok && again.ok && again.value.pems === before.value.pems).toBe(true);
    writeFileSync(certFile, first.pem + second.pem);
    utimesSync(certFile, new Date(), new Date(Date.now() + 5000));
    const after = await systemStore({ certFile });
    expect(after.ok && after.value.pems).toHaveLength(2);
  });

  test("that is missing or empty is said to be", async () => {
    const missing = join(folder, "missing.pem");
    for (const certFile of [missing, file("empty.pem", "")]) {
      expect(await systemStore({ certFile })).toMatchObject({
        ok: false,
        problem: { code: "trust-system-store-missing", facts: { looked: [certFile] } },
      });
    }
  });

  test("asked for many times at once is read once", async () => {
    const certFile = file("crowd.pem", first.pem);
    const all = await Promise.all(Array.from({ length: 20 }, () => systemStore({ certFile })));
    expect(new Set(all.map((one) => one.ok && one.value.pems)).size).toBe(1);
  });
});

describe("trustAnchors", () => {
  test("Mozilla's", async () => {
    const found = await trustAnchors(profile("mozilla"));
    expect(found).toMatchObject({ ok: true, value: { source: "mozilla" } });
    expect(mozillaStore().pems).toHaveLength(tls.rootCertificates.length);
  });

  test.each([
    ["app.abc.eu-west-1.rds.amazonaws.com", /RDS eu-west-1 Root/],
    ["x.postgres.database.azure.com", /DigiCert Global Root G2/],
    ["ep-x-1.eu-central-1.aws.neon.tech", /ISRG Root X1/],
  ])("the provider's, for %s", async (host, root) => {
    const found = await trustAnchors(profile("provider", host));
    if (!found.ok) throw new Error(found.problem.code);
    expect(found.value.certificates().some((one) => root.test(one.subject))).toBe(true);
    expect(found.value.pems.length).toBeLessThan(140);
  });

  test("a provider that publishes no root, and a host that is nobody's", async () => {
    for (const host of ["db.abcdefghijklmnopqrst.supabase.co", "db.example.test"]) {
      expect(await trustAnchors(profile("provider", host))).toMatchObject({
        problem: { code: "trust-no-ca" },
      });
    }
  });
});

test("which other store would vouch", async () => {
  const certFile = file("vouch.pem", first.pem);
  const leaf = await makeCertificate({ dns: ["db.test"], issuer: first });
  expect(await otherTrustStores([leaf.x509], profile("mozilla"), { certFile })).toEqual(["system"]);
  expect(await otherTrustStores([second.x509], profile("own"), { certFile })).toEqual([]);
});

describe("contexts are made once", () => {
  const parts = { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" } as const;

  test("for the same store and settings", () => {
    const ca = [first.pem];
    expect(secureContext({ ca, ...parts })).toBe(secureContext({ ca, ...parts }));
    expect(secureContext({ ca, ...parts })).not.toBe(secureContext({ ca: [first.pem], ...parts }));
    expect(secureContext({ ca, ...parts })).not.toBe(secureContext({ ca, ...parts, minVersion: "TLSv1.3" }));
  });

  test("for the same client certificate too", async () => {
    const client = await makeCertificate({ commonNames: ["app"], issuer: first });
    const other = await makeCertificate({ commonNames: ["other"], issuer: first });
    const ca = mozillaStore().pems;
    const one = { ca, ...parts, cert: client.pem, key: client.keyPem };
    expect(secureContext(one)).toBe(secureContext({ ...one }));
    expect(secureContext(one)).not.toBe(secureContext({ ...one, cert: other.pem, key: other.keyPem }));
  });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function profile(trust: "system" | "mozilla" | "provider" | "own", host = "db.test") {
  return wireProfile({ port: 5432, host, tls: { trust } });
}
