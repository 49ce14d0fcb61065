import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { checkTrust, rootsOnPage, storeRoots } from "#lib/trust/store-roots.ts";
import { systemStore } from "#lib/trust/system-store.ts";

const folder = mkdtempSync(path.join(tmpdir(), "cloak-db-roots-"));
const places = { certFile: path.join(folder, "store.pem") };
let made: Awaited<ReturnType<typeof makeAll>>;

beforeAll(async () => {
  made = await makeAll();
  writeFileSync(places.certFile, made.root.pem);
  utimesSync(places.certFile, new Date("2026-01-02T03:04:05Z"), new Date("2026-01-02T03:04:05Z"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a store says since when it is as it is", async () => {
  const store = await systemStore(places);
  expect(store.ok && store.value.since).toBe("2026-01-02T03:04:05.000Z");
});

test("roots come a page at a time, and are found by subject and by fingerprint", async () => {
  const all = await storeRoots("mozilla", { search: "", page: 0 }, places);
  if (!all.ok) throw new Error(all.problem.code);
  expect(all.value.roots).toHaveLength(rootsOnPage);
  const second = await storeRoots("mozilla", { search: "", page: 1 }, places);
  expect(second.ok && second.value.roots[0]?.sha256).not.toBe(all.value.roots[0]?.sha256);
  const mine = { total: 1, roots: [{ subject: "CN=Company Root", sha256: made.root.x509.fingerprint256 }] };
  for (const search of ["company", made.root.x509.fingerprint256.slice(0, 23), "COMPANY root "]) {
    const found = await storeRoots("system", { search, page: 0 }, places);
    expect(found, search).toMatchObject({ ok: true, value: mine });
  }
  expect(await storeRoots("system", { search: "nobody", page: 0 }, places)).toMatchObject({
    value: { total: 0, roots: [] },
  });
});

test("a certificate is told which store vouches for it, with what is known of its chain", async () => {
  const { leaf, middle } = made;
  const alone = await checkTrust(leaf.pem, places);
  expect(alone).toMatchObject({
    value: { dates: "valid", stores: [{ store: "system", verdict: "untrusted", end: "CN=leaf" }, {}, {}] },
  });
  const whole = await checkTrust(leaf.pem + middle.pem, places);
  expect(whole).toMatchObject({
    value: {
      stores: [
        { store: "system", verdict: "trusted", end: "CN=Company Root" },
        { store: "mozilla", verdict: "untrusted" },
        { store: "provider", verdict: "untrusted" },
      ],
    },
  });
});

test("a machine without a store, an expired certificate and no certificate at all are told as such", async () => {
  const nowhere = { certFile: path.join(folder, "nothing.pem") };
  expect(await checkTrust(made.leaf.pem, nowhere)).toMatchObject({
    value: { stores: [{ verdict: "missing" }, {}, {}] },
  });
  const later = new Date(Date.now() + 1000 * 86_400_000);
  expect(await checkTrust(made.leaf.pem, places, later)).toMatchObject({ value: { dates: "expired" } });
  expect(await checkTrust("nothing", places)).toMatchObject({ problem: { code: "pem-not-a-certificate" } });
});

async function makeAll() {
  const root = await makeCertificate({ commonNames: ["Company Root"], ca: true });
  const middle = await makeCertificate({ commonNames: ["Middle"], ca: true, issuer: root });
  return { root, middle, leaf: await makeCertificate({ commonNames: ["leaf"], issuer: middle }) };
}
