import { X509Certificate } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { anchorSet, certificateBlocks, hasSigned, verifies } from "#lib/trust/anchor-set.ts";

let made: Awaited<ReturnType<typeof makeAll>>;
beforeAll(async () => {
  made = await makeAll();
});

async function makeAll() {
  const root = await makeCertificate({ ca: true, commonNames: ["Root"] });
  const namesake = await makeCertificate({ ca: true, commonNames: ["Root"] });
  const other = await makeCertificate({ ca: true, commonNames: ["Other"] });
  const leaf = await makeCertificate({ commonNames: ["db.test"], issuer: root });
  return { root, namesake, other, leaf };
}

const read = (name: keyof typeof made) => new X509Certificate(made[name].pem);

test("a set says where it comes from, since when, and what is in it", () => {
  const pems = [made.root.pem, made.other.pem];
  const set = anchorSet("a file", pems, new Date("2026-01-02T03:04:05Z"));
  expect([set.origin, set.since, set.pems]).toEqual(["a file", "2026-01-02T03:04:05.000Z", pems]);
  expect(set.certificates().map(({ subject }) => subject)).toEqual(["CN=Root", "CN=Other"]);
  expect(set.certificates(), "parsed once").toBe(set.certificates());
  expect("since" in anchorSet("a file", pems)).toBe(false);
});

test("what is in it does not change with the list it was made of", () => {
  const pems = [made.root.pem];
  const set = anchorSet("a file", pems);
  pems.push(made.other.pem);
  expect(set.pems).toHaveLength(1);
  expect(() => (set.pems as string[]).push("x")).toThrow(TypeError);
});

test("the issuer is found by name and by signature, also among namesakes", () => {
  const both = anchorSet("t", [made.namesake.pem, made.root.pem]);
  expect(both.issuerOf(read("leaf"))?.raw).toEqual(read("root").raw);
  expect(anchorSet("t", [made.namesake.pem]).issuerOf(read("leaf"))).toBeUndefined();
  expect(anchorSet("t", [made.other.pem]).issuerOf(read("leaf"))).toBeUndefined();
});

test("an anchor is in it, a namesake is not", () => {
  const set = anchorSet("t", [made.root.pem]);
  expect(set.has(read("root"))).toBe(true);
  expect(set.has(read("namesake"))).toBe(false);
  expect(set.has(read("other"))).toBe(false);
  expect(anchorSet("t", [made.namesake.pem, made.root.pem]).has(read("root"))).toBe(true);
});

test("the blocks of a bundle are those that can be read", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  const bundle = `# roots\n${made.root.pem}${broken}\n${made.other.pem.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE")}${made.leaf.pem}`;
  const blocks = certificateBlocks(bundle);
  expect(blocks.map((pem) => new X509Certificate(pem).subject)).toEqual(["CN=Root", "CN=db.test"]);
  expect(certificateBlocks("")).toEqual([]);
  expect(certificateBlocks(broken)).toEqual([]);
});

test("who has signed is decided by name and by signature, each alone being too little", () => {
  expect(hasSigned(read("root"), read("leaf"))).toBe(true);
  expect(hasSigned(read("namesake"), read("leaf"))).toBe(false);
  expect(hasSigned(read("other"), read("leaf"))).toBe(false);
  const [root, leaf] = [read("root"), read("leaf")];
  Object.defineProperty(leaf, "checkIssued", { value: () => false });
  expect(verifies(root, leaf)).toBe(true);
  expect(hasSigned(root, leaf)).toBe(false);
});

test("a signature is verified once", () => {
  const leaf = read("leaf");
  const asked: unknown[] = [];
  const answers = [true, false];
  Object.defineProperty(leaf, "verify", { value: (key: unknown) => asked.push(key) > 0 && answers.shift() });
  const [root, other] = [read("root"), read("other")];
  expect([verifies(root, leaf), verifies(root, leaf)]).toEqual([true, true]);
  expect([verifies(other, leaf), verifies(other, leaf)]).toEqual([false, false]);
  expect(asked).toHaveLength(2);
});

test("a key that cannot be used has signed nothing", () => {
  const leaf = read("leaf");
  Object.defineProperty(leaf, "verify", {
    value: () => {
      throw new Error("unsupported");
    },
  });
  expect(verifies(read("root"), leaf)).toBe(false);
});
