import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rootCertificates } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok } from "#lib/problems/result.ts";
import { publicRootFiles } from "#lib/providers/public-root-files.ts";
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
  const here = await rootsHere(provider, places);
  if (!here.ok) throw new Error(here.problem.code);
  return here.value;
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
  expect(await rootsHere(provider, storeOf(isrg))).toMatchObject({ ok: true, value: { roots: [] } });
});

test("roots that a person gave are listed, and nothing is said to lack then", async () => {
  const provider = findProvider("rds");
  if (provider === undefined) throw new Error("no provider");
  const shipped = await rootsHere(provider, storeOf(isrg));
  expect(shipped).toMatchObject({ ok: true, value: { lacks: expect.arrayContaining(["mx-central-1"]) } });
  const pack = {
    rootsId: "rds",
    stamp: "1",
    way: "replace" as const,
    pems: [pems.get(isrg) ?? ""],
    files: ["bundle.pem"],
    since: "2026-11-25T00:00:00.000Z",
    by: "olive",
  };
  const given = await rootsHere(provider, { ...storeOf(isrg), given: async () => ok(pack) });
  expect(given).toMatchObject({
    ok: true,
    value: { lacks: [], roots: [{ name: "ISRG Root X1", sha256: isrg, inSystem: true }] },
  });
});

test("given roots that do not open are said to be damaged, not passed over", async () => {
  const provider = findProvider("rds");
  if (provider === undefined) throw new Error("no provider");
  const damaged = async () => failed(problem("vault-damaged"));
  expect(await rootsHere(provider, { ...storeOf(isrg), given: damaged })).toMatchObject({
    ok: false,
    problem: { code: "vault-damaged" },
  });
});
