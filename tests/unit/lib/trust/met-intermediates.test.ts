import { expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { anchorSet } from "#lib/trust/anchor-set.ts";
import { meetIntermediates, missingIntermediates } from "#lib/trust/met-intermediates.ts";

const root = await makeCertificate({ commonNames: ["Root"], ca: true });
const upper = await makeCertificate({ commonNames: ["Upper"], ca: true, issuer: root });
const lower = await makeCertificate({ commonNames: ["Lower"], ca: true, issuer: upper });
const leaf = await makeCertificate({ commonNames: ["leaf"], issuer: lower });
const anchors = anchorSet("test", [root.pem]);

test("what one server sent is known for the next, all of it or none", () => {
  expect(missingIntermediates([leaf.x509], anchors)).toEqual([]);
  meetIntermediates([leaf.x509, lower.x509]);
  expect(missingIntermediates([leaf.x509], anchors)).toEqual([]);
  meetIntermediates([leaf.x509, upper.x509]);
  expect(missingIntermediates([leaf.x509], anchors).map((one) => one.subject)).toEqual([
    "CN=Lower",
    "CN=Upper",
  ]);
  expect(missingIntermediates([leaf.x509, lower.x509], anchors).map((one) => one.subject)).toEqual([
    "CN=Upper",
  ]);
});

test("nothing is missing from a whole chain, nor towards somebody else's anchor", async () => {
  const other = await makeCertificate({ commonNames: ["Root"], ca: true });
  expect(missingIntermediates([leaf.x509, lower.x509, upper.x509], anchors)).toEqual([]);
  expect(missingIntermediates([leaf.x509], anchorSet("test", [other.pem]))).toEqual([]);
  expect(missingIntermediates([leaf.x509], null)).toEqual([]);
});

test("a certificate of the right name that signed nothing is of no use", async () => {
  const stranger = await makeCertificate({ commonNames: ["Unmet"], ca: true });
  const twin = await makeCertificate({ commonNames: ["Unmet"], ca: true, issuer: root });
  const orphan = await makeCertificate({ commonNames: ["leaf"], issuer: stranger });
  meetIntermediates([orphan.x509, twin.x509]);
  expect(missingIntermediates([orphan.x509], anchors)).toEqual([]);
});
