import { describe, expect, test } from "vitest";
import { Secret } from "#lib/secret.ts";
import { tlsOptions } from "#lib/wire/tls-options.ts";
import { type WireSettings, wireProfile } from "#tests/support/wire-profile.ts";

const pems = ["-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"];
const trust = { pems };

describe("the options", () => {
  test("disable has none", () => {
    expect(tlsOptions(wireProfile({ port: 1, tls: { mode: "disable" } }), trust)).toBe(false);
  });

  test.each([
    ["allow", false],
    ["prefer", false],
    ["require", false],
    ["verify-ca", true],
    ["verify-full", true],
  ] as const)("%s says rejectUnauthorized outright: %s", (mode, verified) => {
    expect(options({ tls: { mode } }).rejectUnauthorized).toBe(verified);
  });

  test("a fresh object each time", () => {
    const profile = wireProfile({ port: 1, tls: { ca: "x" } });
    expect(tlsOptions(profile, trust)).not.toBe(tlsOptions(profile, trust));
  });

  test("the anchors are the store's own array, by which contexts are kept; none trusts nothing", () => {
    expect(options({}).ca).toBe(pems);
    const bare = tlsOptions(wireProfile({ port: 1, tls: { mode: "require" } }), null);
    expect(bare).toMatchObject({ ca: [] });
  });

  test("versions go through", () => {
    expect(options({ tls: { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" } })).toMatchObject({
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
    });
  });

  test("ALPN is offered in both ways of negotiation", () => {
    expect(options({}).ALPNProtocols).toEqual(["postgresql"]);
    expect(options({ tls: { negotiation: "direct" } }).ALPNProtocols).toEqual(["postgresql"]);
  });

  test.each([
    ["db.test", true, "db.test"],
    ["db.test.", true, "db.test."],
    ["db.test", false, undefined],
    ["192.0.2.1", true, undefined],
    ["127.1", true, undefined],
    ["2001:db8::1", true, undefined],
    ["", true, undefined],
  ])("host %s, SNI %s: sends %s", (host, sni, sent) => {
    expect(options({ host, tls: { sni } }).servername).toBe(sent);
  });

  test("the name is checked by verify-full alone, and by our own rules", () => {
    const certificate = { subject: { CN: "other.test" }, subjectaltname: "DNS:d*.db.test" } as never;
    const check = (mode: "require" | "verify-ca" | "verify-full") =>
      options({ host: "db.db.test", tls: { mode } }).checkServerIdentity("ignored", certificate);
    expect(check("verify-full")).toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    expect(check("verify-ca")).toBeUndefined();
    expect(check("require")).toBeUndefined();
  });

  test("a client certificate goes with its key, opened where it is encrypted, and never with a passphrase", () => {
    const clientCertificate = "certificate";
    const pair = { tls: { clientCertificate }, clientKey: "key", keyPassphrase: "open" };
    expect(options(pair)).toMatchObject({ cert: "certificate", key: "key" });
    expect(options(pair)).not.toHaveProperty("passphrase");
    const profile = wireProfile({ port: 1, ...pair });
    const secrets = { ...profile.secrets, openedKey: new Secret("opened") };
    expect(tlsOptions({ ...profile, secrets }, trust)).toMatchObject({ key: "opened" });
  });

  test("half a pair is not sent", () => {
    expect(options({ clientKey: "key" })).not.toHaveProperty("key");
    expect(options({ tls: { clientCertificate: "certificate" } })).not.toHaveProperty("cert");
  });

  test("revocation lists", () => {
    expect(options({ tls: { crl: "list" } }).crl).toBe("list");
    expect(options({ tls: { crl: "" } })).not.toHaveProperty("crl");
  });
});

function options(settings: Partial<WireSettings>) {
  const made = tlsOptions(wireProfile({ port: 1, ...settings }), trust);
  if (made === false) throw new Error("no options");
  return made;
}
