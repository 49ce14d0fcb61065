import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { isPinned, rootsToCarry } from "#lib/trust/roots-to-carry.ts";

const dsql = "abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws";
let folder: string;
let root: SampleCertificate;
let middle: SampleCertificate;
let leaf: SampleCertificate;
let places: { certFile: string };

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "cloak-db-carry-"));
  root = await makeCertificate({ commonNames: ["Company Root"], ca: true });
  middle = await makeCertificate({ commonNames: ["Company Middle"], ca: true, issuer: root });
  leaf = await makeCertificate({ commonNames: ["db.test"], issuer: middle });
  places = { certFile: path.join(folder, "store.pem") };
  writeFileSync(places.certFile, root.pem);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function subjects(trust: "system" | "mozilla" | "provider", host: string): Promise<string[]> {
  const found = await rootsToCarry({ trust, host }, places);
  if (!found.ok) throw new Error(found.problem.code);
  // Nothing but blocks: Java's reader stumbles over remarks.
  expect(found.value.replace(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g, "")).toBe("");
  return (found.value.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? []).map(
    (pem) => new X509Certificate(pem).subject,
  );
}

describe("roots for a program that cannot reach the store (D9)", () => {
  test("the system's store, whole", async () => {
    expect(await subjects("system", "db.example.test")).toEqual(["CN=Company Root"]);
  });

  test("where the host tells the provider, its roots alone", async () => {
    const found = await subjects("system", dsql);
    expect(found).toContain("C=US\nO=Amazon\nCN=Amazon Root CA 1");
    expect(found.length).toBeLessThan(10);
    expect(await subjects("provider", dsql)).toEqual(found);
  });

  test("Mozilla's store, whole", async () => {
    expect((await subjects("mozilla", dsql)).length).toBeGreaterThan(100);
  });

  test("a host of no provider has no provider's roots", async () => {
    const found = await rootsToCarry({ trust: "provider", host: "db.example.test" }, places);
    expect(found).toMatchObject({ ok: false, problem: { code: "trust-no-ca" } });
  });
});

test("a CA that no root stands behind is pinned", async () => {
  const alone = await makeCertificate({ commonNames: ["self.test"] });
  expect(isPinned("")).toBe(false);
  expect(isPinned(root.pem)).toBe(false);
  expect(isPinned(root.pem + middle.pem)).toBe(false);
  expect(isPinned(alone.pem)).toBe(false);
  expect(isPinned(middle.pem)).toBe(true);
  expect(isPinned(leaf.pem)).toBe(true);
});
