import { expect, test } from "vitest";
import { certificateLimits } from "#lib/diagnosis/certificate-limits.ts";
import { type CertificateOptions, makeCertificate } from "#lib/samples/certificates.ts";
import { mozillaStore } from "#lib/trust/mozilla-store.ts";

const none = { pathLength: null, limitsNames: false, unknownCritical: [] };
const raw = (oid: string, critical: boolean) => ({ oid, critical, value: Uint8Array.of(0x30, 0x00) });

test.each<[string, CertificateOptions, object]>([
  ["a server's certificate", { dns: ["db.test"] }, {}],
  ["names alone, which makes them critical", { dns: ["db.test"], commonNames: [] }, {}],
  ["an authority", { ca: true }, {}],
  ["one with nobody between", { ca: true, pathLength: 0 }, { pathLength: 0 }],
  ["one with many", { ca: true, pathLength: 300 }, { pathLength: 300 }],
  ["one for some names", { ca: true, extensions: [raw("2.5.29.30", true)] }, { limitsNames: true }],
  ["a critical extension", { extensions: [raw("1.2.3.4", true)] }, { unknownCritical: ["1.2.3.4"] }],
  ["one that is not critical", { extensions: [raw("1.2.3.4", false)] }, {}],
  ["a critical one that is known", { extensions: [raw("2.5.29.36", true)] }, {}],
])("%s", async (_what, options, more) => {
  const { x509 } = await makeCertificate(options);
  expect(certificateLimits(x509)).toEqual({ ...none, ...more });
});

test("no public root holds anything that OpenSSL would not know", () => {
  const roots = mozillaStore().certificates();
  expect(roots.length).toBeGreaterThan(100);
  expect(roots.filter((one) => certificateLimits(one).unknownCritical.length > 0)).toEqual([]);
});
