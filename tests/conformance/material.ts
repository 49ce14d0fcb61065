import { createHash, createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  type CertificateOptions,
  makeCertificate,
  makeCrl,
  rewriteKey,
  type SampleCertificate,
} from "#lib/samples/certificates.ts";
import type { ServerCertificate } from "#lib/samples/postgres-server.ts";
import { nameConstraints, unknownExtension } from "#tests/support/certificate-extensions.ts";

/** The certificates of the servers, by name, and the files that strings may name, by name. */
export interface Material {
  readonly servers: ReadonlyMap<string, ServerCertificate>;
  readonly files: ReadonlyMap<string, string>;
  /** CA of the clients' certificates. */
  readonly clientCa: string;
  /** How OpenSSL names the lists of an issuer in a folder. */
  readonly hashes: { readonly root: string; readonly mid: string };
}

export const dnsName = "db.tls.test";
/** Every way in which the rows write their host. */
const names = { dns: [dnsName, "localhost"], ip: ["127.0.0.1", "::1"] };
const day = 86_400_000;
const past = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
const ahead = { notBefore: new Date(Date.now() + day) };

/** Leaves of the root, one a kind. */
const leaves: Readonly<Record<string, CertificateOptions>> = {
  good: names,
  expired: { ...names, ...past },
  early: { ...names, ...ahead },
  "client-purpose": { ...names, purposes: ["clientAuth"] },
  "server-purpose": { ...names, purposes: ["serverAuth"] },
  "both-purposes": { ...names, purposes: ["clientAuth", "serverAuth"] },
  "code-purpose": { ...names, purposes: ["codeSigning"] },
  "rsa-1024": { ...names, key: "rsa-1024" },
  "rsa-2048": { ...names, key: "rsa-2048" },
  "p-384": { ...names, key: "ec-p384" },
  ed25519: { ...names, key: "ed25519" },
  "sha-512": { ...names, hash: "SHA-512" },
  brainpool: { ...names, foreignKey: onCurve("brainpoolP256r1") },
  secp256k1: { ...names, foreignKey: onCurve("secp256k1") },
  "p-224": { ...names, foreignKey: onCurve("P-224") },
  "critical-extension": { ...names, extensions: [unknownExtension] },
  "sha-1": { ...names, hash: "SHA-1" },
  "other-name": { dns: ["other.test"] },
  "expired-other-name": { dns: ["other.test"], ...past },
  "cn-only": { commonNames: [dnsName] },
  "cn-localhost": { commonNames: ["localhost"] },
  "cn-ip": { commonNames: ["127.0.0.1"] },
  "cn-and-other-dns": { commonNames: [dnsName], dns: ["other.test"] },
  "cn-and-ip": { commonNames: [dnsName], ip: ["127.0.0.1"] },
  "dns-holds-ip": { dns: ["127.0.0.1", "::1"] },
  "ip-only": { ip: ["127.0.0.1", "::1"] },
  wildcard: { dns: ["*.tls.test"] },
  "wildcard-cn": { commonNames: ["*.tls.test"] },
  "wildcard-part": { dns: ["d*.tls.test"] },
  "wildcard-top": { dns: ["*.test"] },
  "wildcard-alone": { dns: ["*"] },
  "two-cns": { commonNames: ["other.test", dnsName] },
  "upper-case": { dns: ["DB.TLS.TEST", "LOCALHOST"] },
  "trailing-dot": { dns: [`${dnsName}.`, "localhost."] },
  nameless: { organization: "Nobody" },
  "a-ca": { ...names, ca: true },
};

function onCurve(namedCurve: string) {
  return generateKeyPairSync("ec", { namedCurve });
}

/** Leaves that are about the host name: of no interest to the modes that do not look at it. */
export const nameKinds: readonly string[] = Object.keys(leaves).filter((kind) =>
  /name|^cn-|^dns-|^ip-|^wildcard|cns$|case|dot/.test(kind),
);

/** Intermediates of the root, one a kind; below each stands a leaf that is in order. */
const intermediates: Readonly<Record<string, CertificateOptions>> = {
  "of-ed25519": { key: "ed25519" },
  "mid-critical-extension": { extensions: [unknownExtension] },
  "names-permitted-here": { extensions: [nameConstraints("permitted", "tls.test")] },
  "names-permitted-elsewhere": { extensions: [nameConstraints("permitted", "elsewhere.test")] },
  "names-excluded-here": { extensions: [nameConstraints("excluded", "tls.test")] },
  "names-excluded-elsewhere": { extensions: [nameConstraints("excluded", "elsewhere.test")] },
  "mid-that-signs-no-ca": { ca: false, keyUsage: ["keyCertSign"] },
  "mid-that-may-not-sign": { keyUsage: ["digitalSignature"] },
  "mid-for-clients": { purposes: ["clientAuth"] },
  "mid-for-servers": { purposes: ["serverAuth"] },
};

/** Makes all certificates, keys and lists, and writes what strings name into the folder. */
export async function makeMaterial(folder: string): Promise<Material> {
  const root = await makeCertificate({ ca: true, commonNames: ["Sample Root"] });
  const other = await makeCertificate({ ca: true, commonNames: ["Other Root"] });
  const clients = await makeCertificate({ ca: true, commonNames: ["Clients' Root"] });
  const signedBy = (issuer: SampleCertificate, options: CertificateOptions = {}) =>
    makeCertificate({ ...names, ...options, issuer });
  const middle = (options: CertificateOptions) => makeCertificate({ ca: true, issuer: root, ...options });
  const mid = await middle({ commonNames: ["Sample Intermediate"] });
  const deep = await makeCertificate({ ca: true, issuer: mid, commonNames: ["Deep Intermediate"] });

  const servers = new Map<string, ServerCertificate>();
  for (const [kind, options] of Object.entries(leaves)) {
    servers.set(kind, await makeCertificate({ issuer: root, ...options }));
  }
  const chain = await signedBy(mid);
  const self = await makeCertificate({ ...names, commonNames: [dnsName] });
  const selfCa = await makeCertificate({ ...names, commonNames: [dnsName], ca: true });
  servers.set("chain", chain);
  servers.set("chain-leaf", { ...chain, chainPem: chain.pem });
  servers.set("chain-root", { ...chain, chainPem: chain.chainPem + root.pem });
  servers.set("chain-and-more", { ...chain, chainPem: chain.pem + other.pem + mid.pem });
  servers.set("chain-deep", await signedBy(deep));
  servers.set("chain-twice", { ...chain, chainPem: chain.pem + mid.pem + mid.pem });
  servers.set("mid-expired", await signedBy(await middle({ commonNames: ["Expired"], ...past })));
  servers.set("mid-no-ca", await signedBy(await makeCertificate({ issuer: root, commonNames: ["No CA"] })));
  const narrow = await middle({ commonNames: ["Narrow"], pathLength: 0 });
  const tooDeep = await makeCertificate({ ca: true, issuer: narrow, commonNames: ["Too deep"] });
  servers.set("path-too-long", await signedBy(tooDeep));
  servers.set("path-allowed", await signedBy(narrow));
  for (const [kind, options] of Object.entries(intermediates))
    servers.set(kind, await signedBy(await middle({ commonNames: ["Middle"], ...options })));
  servers.set("self", self);
  servers.set("self-ca", selfCa);
  servers.set("self-expired", await makeCertificate({ ...names, commonNames: [dnsName], ...past }));
  const withdrawn = await signedBy(mid);
  servers.set("revoked", withdrawn);
  const renewedRoot = await makeCertificate({ ca: true, commonNames: ["Sample Root"], keysOf: root });
  const expiredRoot = await makeCertificate({
    ca: true,
    commonNames: ["Sample Root"],
    keysOf: root,
    ...past,
  });

  const client = await makeCertificate({ commonNames: ["app"], issuer: clients, purposes: ["clientAuth"] });
  const clientMid = await makeCertificate({ ca: true, issuer: clients, commonNames: ["Clients' Middle"] });
  const clientOfMid = await makeCertificate({ commonNames: ["app"], issuer: clientMid });
  const foreign = await makeCertificate({ commonNames: ["app"], issuer: other });
  const somebody = await makeCertificate({ commonNames: ["somebody"], issuer: clients });
  const rsaClient = await makeCertificate({ commonNames: ["app"], issuer: clients, key: "rsa-2048" });
  const crl = async (options: Parameters<typeof makeCrl>[0]) => (await makeCrl(options)).pem;
  const clean = await crl({ issuer: root });
  const ofMid = await crl({ issuer: mid, revoked: [withdrawn] });

  const texts: Record<string, string | Buffer> = {
    root: root.pem,
    other: other.pem,
    mid: mid.pem,
    both: other.pem + root.pem,
    "root-and-mid": root.pem + mid.pem,
    "mid-and-root": mid.pem + root.pem,
    leaf: chain.pem,
    self: self.pem,
    "self-ca": selfCa.pem,
    "renewed-root": renewedRoot.pem,
    "expired-root": expiredRoot.pem,
    "root-with-words": `This is the root of the sample servers.\n${root.pem}\nThat was it.\n`,
    "root-twice": root.pem + root.pem,
    "root-with-windows-lines": root.pem.replaceAll("\n", "\r\n"),
    "root-der": root.der,
    "root-then-broken": `${root.pem}-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n`,
    empty: "",
    garbage: "no certificate\n",
    "clean-crl": clean + (await crl({ issuer: mid })),
    "revoking-crl": clean + ofMid,
    "root-crl-only": clean,
    "clean-mid-crl": await crl({ issuer: mid }),
    "mid-crl-only": ofMid,
    "old-crl": clean + (await crl({ issuer: mid, thisUpdate: past.notBefore, nextUpdate: past.notAfter })),
    "early-crl": clean + (await crl({ issuer: mid, thisUpdate: ahead.notBefore })),
    "foreign-crl": await crl({ issuer: other }),
    client: client.pem,
    "client-key": client.keyPem,
    "client-key-sec1": rewriteKey(client.keyPem, "sec1"),
    "client-key-locked": rewriteKey(client.keyPem, "pkcs8", "open sesame"),
    "client-key-der": createPrivateKey(client.keyPem).export({ type: "pkcs8", format: "der" }),
    "client-key-open": client.keyPem,
    "client-of-mid": clientOfMid.chainPem,
    "client-of-mid-alone": clientOfMid.pem,
    "client-of-mid-key": clientOfMid.keyPem,
    foreign: foreign.pem,
    "foreign-key": foreign.keyPem,
    somebody: somebody.pem,
    "somebody-key": somebody.keyPem,
    "rsa-client": rsaClient.pem,
    "rsa-client-key": rsaClient.keyPem,
    "rsa-client-key-pkcs1": rewriteKey(rsaClient.keyPem, "pkcs1"),
  };
  const files = new Map<string, string>();
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(folder, `${name}.pem`);
    writeFileSync(file, text, { mode: name === "client-key-open" ? 0o644 : 0o600 });
    files.set(name, file);
  }
  files.set("missing", path.join(folder, "missing.pem"));
  files.set("missing-folder", path.join(folder, "missing"));
  files.set("empty-folder", path.join(folder, "empty-folder"));
  mkdirSync(path.join(folder, "empty-folder"));
  const hashes = { root: nameHash("Sample Root"), mid: nameHash("Sample Intermediate") };
  return { servers, files, clientCa: clients.pem, hashes };
}

/** OpenSSL's hash of a name (`X509_NAME_hash`) that is one common name: its canonical form is in small letters. */
function nameHash(commonName: string): string {
  const tlv = (tag: number, content: Buffer) => Buffer.concat([Buffer.from([tag, content.length]), content]);
  const value = tlv(0x0c, Buffer.from(commonName.toLowerCase()));
  const name = tlv(0x31, tlv(0x30, Buffer.concat([Buffer.from("0603550403", "hex"), value])));
  return createHash("sha1").update(name).digest().readUInt32LE(0).toString(16).padStart(8, "0");
}
