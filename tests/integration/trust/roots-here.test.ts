import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { publicRootFiles } from "#lib/guides/public-root-files.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { rootsHere } from "#lib/trust/roots-here.ts";

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-roots-here-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pems = new Map(rootCertificates.map((pem) => [new X509Certificate(pem).fingerprint256, pem]));
const amazon = publicRootFiles.AmazonRootCA1.sha256;
const isrg = publicRootFiles.ISRGRootX1.sha256;

/** A system store of these roots, as SSL_CERT_FILE would name it. */
function storeOf(...roots: string[]) {
  const certFile = path.join(folder, `${roots.length}-${roots[0]?.slice(0, 2) ?? ""}.pem`);
  writeFileSync(certFile, roots.map((root) => pems.get(root)).join("\n"));
  return { certFile };
}

async function auroraDsqlRoots(places: { readonly certFile: string }) {
  const provider = findProvider("aurora-dsql");
  if (provider === undefined) throw new Error("no provider");
  return rootsHere(provider, places);
}

test("D3: Amazon Root CA 1 is found where the system's store has it", async () => {
  const here = await auroraDsqlRoots(storeOf(isrg, amazon));
  const [first, second] = here.roots;
  expect(here.system).toContain(".pem");
  expect(first).toEqual({
    name: "Amazon Root CA 1",
    sha256: amazon,
    notAfter: "2038-01-17",
    inSystem: true,
  });
  expect(second).toMatchObject({ name: "Amazon Root CA 2", inSystem: false });
});

test("D3: it is not found in a store without it, and is still listed", async () => {
  const here = await auroraDsqlRoots(storeOf(isrg));
  expect(here.roots[0]).toMatchObject({ sha256: amazon, inSystem: false });
});

test("D3: a host without a store is no host without the root", async () => {
  const here = await auroraDsqlRoots({ certFile: path.join(folder, "none.pem") });
  expect(here.system).toBeUndefined();
  expect(here.roots[0]).toMatchObject({ sha256: amazon, inSystem: undefined });
});

test("a provider without roots of its own has none to show", async () => {
  const provider = findProvider("local");
  if (provider === undefined) throw new Error("no provider");
  expect((await rootsHere(provider, storeOf(isrg))).roots).toEqual([]);
});
