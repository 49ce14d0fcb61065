import { bitLength, children, type DerElement, oidText, readElement, tags } from "./der.ts";

/** SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in few words: `RSA 2048`, `EC P-256`, `Ed25519`. */
export function keyText(spki: DerElement): string {
  const [algorithm, key] = children(spki);
  const [type, parameters] = children(algorithm);
  const oid = type ? oidText(type.contents) : "";
  if (oid === "1.2.840.113549.1.1.1" || oid === "1.2.840.113549.1.1.10") {
    const modulus = children(readElement(key?.contents ?? none, 1))[0];
    return `${oid.endsWith(".10") ? "RSA-PSS" : "RSA"} ${bitLength(modulus?.contents ?? none)}`;
  }
  if (oid === "1.2.840.10045.2.1") {
    const curve = parameters?.tag === tags.oid ? oidText(parameters.contents) : "explicit parameters";
    return `EC ${curves[curve] ?? curve}`;
  }
  if (oid === "1.2.840.10040.4.1") return `DSA ${bitLength(children(parameters)[0]?.contents ?? none)}`;
  return keyAlgorithms[oid] ?? oid;
}

const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.1": "P-192",
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.10": "secp256k1",
  "1.3.132.0.33": "P-224",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
  "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
  "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
  "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
};

/** Those whose name says the size, for keys and signatures alike (RFC 8410, RFC 9881). */
const keyAlgorithms: Readonly<Record<string, string>> = {
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};

/** AlgorithmIdentifier of a signature in few words: `SHA-256 with RSA`; the OID where it is not known. */
export function signatureText(algorithm: DerElement | undefined): string {
  const [type, parameters] = children(algorithm);
  const oid = type ? oidText(type.contents) : "";
  if (oid === "1.2.840.113549.1.1.10") return `${pssDigest(parameters)} with RSA-PSS`;
  return signatures[oid] ?? keyAlgorithms[oid] ?? oid;
}

/** RSASSA-PSS names its digest in its parameters; left out, it is SHA-1 (RFC 4055, 3.1). */
function pssDigest(parameters: DerElement | undefined): string {
  const hash = children(parameters).find((element) => element.tag === 0xa0);
  const type = children(children(hash)[0])[0];
  const oid = type ? oidText(type.contents) : "1.3.14.3.2.26";
  return digests[oid] ?? oid;
}

const digests: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
};

const signatures: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "MD2 with RSA",
  "1.2.840.113549.1.1.4": "MD5 with RSA",
  "1.2.840.113549.1.1.5": "SHA-1 with RSA",
  "1.3.14.3.2.29": "SHA-1 with RSA",
  "1.2.840.113549.1.1.14": "SHA-224 with RSA",
  "1.2.840.113549.1.1.11": "SHA-256 with RSA",
  "1.2.840.113549.1.1.12": "SHA-384 with RSA",
  "1.2.840.113549.1.1.13": "SHA-512 with RSA",
  "1.2.840.10045.4.1": "SHA-1 with ECDSA",
  "1.2.840.10045.4.3.1": "SHA-224 with ECDSA",
  "1.2.840.10045.4.3.2": "SHA-256 with ECDSA",
  "1.2.840.10045.4.3.3": "SHA-384 with ECDSA",
  "1.2.840.10045.4.3.4": "SHA-512 with ECDSA",
  "1.2.840.10040.4.3": "SHA-1 with DSA",
  "2.16.840.1.101.3.4.3.2": "SHA-256 with DSA",
};

const none = new Uint8Array(0);
