import { beforeAll, describe, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { anchorSet, certificateBlocks, hasSigned } from "#lib/trust/anchor-set.ts";
import { certificatePath, isSelfSigned } from "#lib/trust/certificate-path.ts";
import { ownStore } from "#lib/trust/own-store.ts";

let made: Awaited<ReturnType<typeof makeAll>>;
beforeAll(async () => {
  made = await makeAll();
});

describe("certificatePath ends", () => {
  test.each<[string, readonly string[], readonly string[], string, number]>([
    ["at a trusted root", ["leaf", "mid"], ["root"], "anchor", 3],
    ["at a trusted root that was sent too", ["leaf", "mid", "root"], ["root"], "anchor", 3],
    ["at a trusted root, whatever the order", ["leaf", "root", "other", "mid"], ["root"], "anchor", 3],
    ["at a trusted root, by a trusted intermediate", ["leaf"], ["root", "mid"], "anchor", 3],
    ["at a root that nobody trusts", ["leaf", "mid", "root"], ["other"], "self-signed", 3],
    ["where the issuer is not known", ["leaf", "mid"], ["other"], "issuer-unknown", 2],
    ["where only the leaf was sent", ["leaf"], ["root"], "issuer-unknown", 1],
    ["at an intermediate whose root is not trusted", ["leaf", "mid"], ["mid"], "partial-anchor", 2],
    ["at an intermediate whose root was only sent", ["leaf", "mid", "root"], ["mid"], "partial-anchor", 2],
    ["at a leaf that is trusted itself", ["leaf"], ["leaf"], "partial-anchor", 1],
    ["at a self-signed certificate", ["self"], ["root"], "self-signed", 1],
    ["at a self-signed certificate that is trusted", ["self"], ["self"], "anchor", 1],
    ["at nothing, with nothing trusted", ["leaf", "mid", "root"], [], "self-signed", 3],
    // A root that changed its key: the new one, with the same name, is signed by the old one.
    ["at a trusted root, past its own successor", ["underNew", "successor"], ["root"], "anchor", 3],
    // Same names, another key: the signature decides.
    ["where a namesake stands in place of the issuer", ["leaf", "mid"], ["namesake"], "issuer-unknown", 2],
  ])("%s", (_what, sent, trusted, end, length) => {
    const [leaf, ...others] = sent.map((name) => certificate(name).x509);
    if (leaf === undefined) throw new Error("nothing sent");
    const anchors = anchorSet(
      "test",
      trusted.map((name) => certificate(name).pem),
    );
    const path = certificatePath([leaf, ...others], anchors);
    expect(path.end).toBe(end);
    if (trusted.length === 0) expect(certificatePath([leaf, ...others], null)).toEqual(path);
    expect(path.certificates).toHaveLength(length);
  });
});

describe("anchors", () => {
  test("self-signed is told by the signature, not by the names", () => {
    expect(isSelfSigned(made.root.x509)).toBe(true);
    expect(isSelfSigned(made.self.x509)).toBe(true);
    expect(isSelfSigned(made.mid.x509)).toBe(false);
    expect(hasSigned(made.namesake.x509, made.mid.x509)).toBe(false);
    expect(hasSigned(made.root.x509, made.mid.x509)).toBe(true);
  });

  test("what cannot be read is left out", () => {
    const broken = made.root.pem.replace(/[A-Za-z0-9]{20}/, "");
    expect(certificateBlocks(`# a comment\n${broken}${made.mid.pem}`)).toHaveLength(1);
  });

  test.each([
    ["as it is", (pem: string) => pem],
    ["with literal line breaks", (pem: string) => pem.replaceAll("\n", "\\n")],
    ["on one line", (pem: string) => pem.replaceAll("\n", " ")],
    ["indented, with carriage returns", (pem: string) => pem.replaceAll("\n", "\r\n    ")],
    ["after a preamble", (pem: string) => `Certificate:\n  Data: x\n${pem}`],
  ])("a pasted CA is understood %s", (_how, mangled) => {
    const store = ownStore(mangled(made.root.pem));
    expect(store.certificates().map((one) => one.fingerprint256)).toEqual([made.root.x509.fingerprint256]);
  });

  test("the same text is the same store, so that contexts can be kept by it", () => {
    expect(ownStore(made.root.pem).pems).toBe(ownStore(made.root.pem).pems);
  });
});

function certificate(name: string) {
  const found = Object.entries(made).find(([key]) => key === name)?.[1];
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found;
}

async function makeAll() {
  const root = await makeCertificate({ ca: true, commonNames: ["Root"] });
  const mid = await makeCertificate({ ca: true, commonNames: ["Mid"], issuer: root });
  const successor = await makeCertificate({ ca: true, commonNames: ["Root"], issuer: root });
  return {
    root,
    mid,
    successor,
    underNew: await makeCertificate({ dns: ["db.test"], issuer: successor }),
    leaf: await makeCertificate({ dns: ["db.test"], issuer: mid }),
    other: await makeCertificate({ ca: true, commonNames: ["Other"] }),
    namesake: await makeCertificate({ ca: true, commonNames: ["Root"] }),
    self: await makeCertificate({ commonNames: ["self"], dns: ["db.test"] }),
  };
}
