import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compareFingerprint } from "#lib/certificates/fingerprint.ts";
import { testConnection } from "#lib/connect/connect.ts";
import { printBySettings } from "#lib/guides/fingerprint-commands.ts";
import { makeCertificate, type SampleCertificate } from "#lib/samples/certificates.ts";
import { type SampleServer, startPostgres } from "#lib/samples/postgres-server.ts";
import {
  type GivenPack,
  type GivenRootsStore,
  givenRootsKind,
  givenRootsStore,
} from "#lib/trust/given-roots.ts";
import { packReports } from "#lib/trust/pack-report.ts";
import { rootsOfPack, type TrustStores } from "#lib/trust/provider-store.ts";
import { readRoots } from "#lib/trust/read-roots.ts";
import { checkTrust, storeRoots } from "#lib/trust/store-roots.ts";
import { trustAnchors } from "#lib/trust/trust-anchors.ts";
import { findPsql } from "#tests/support/psql.ts";
import { opened, problemOf, scratchVault, value } from "#tests/support/scratch-vault.ts";
import { wireProfile } from "#tests/support/wire-profile.ts";

/** What a person gives a provider counts wherever "Provider" is trusted. C11, D5, H3. */
const host = "db.abcdefghijklmnopqrst.supabase.co";
const sameName = { ca: true, organization: "Supabase Inc", commonNames: ["Supabase Root 2021 CA"] } as const;

let first: SampleCertificate;
let second: SampleCertificate;
let stranger: SampleCertificate;
let server: SampleServer;
let setup: ReturnType<typeof scratchVault>;
let store: GivenRootsStore;
let stores: TrustStores;

beforeAll(async () => {
  first = await makeCertificate(sameName);
  second = await makeCertificate(sameName);
  stranger = await makeCertificate({ ca: true, commonNames: ["Nobody"] });
  server = await startPostgres({ certificate: await leafOf(first), hba: ["host all all all trust"] });
});
afterAll(() => server?.stop());
beforeEach(async () => {
  setup = scratchVault();
  const vault = await opened(setup);
  store = givenRootsStore(vault);
  stores = { given: store.of };
});

test.skipIf(findPsql() === undefined)(
  "D5: what a server prints of its own certificate is what arrives from it",
  async () => {
    const env = {
      ...process.env,
      PGHOST: server.socketFolder,
      PGPORT: String(server.port),
      PGUSER: "postgres",
    };
    const { stdout } = await promisify(execFile)("sh", ["-c", printBySettings.text], { env });
    value(await store.save("supabase", pack([first])));
    const arrived = (await connecting()).tls?.chain[0]?.sha256 ?? "";
    expect(compareFingerprint(arrived, stdout)).toBe("equal");
  },
);

describe("roots that a person gave", () => {
  test("C11: two of one name are two, and servers of both are proved", async () => {
    expect(first.x509.subject).toBe(second.x509.subject);
    value(await store.save("supabase", pack([first, second])));
    for (const root of [first, second]) {
      await server.swapCertificate(await leafOf(root));
      const report = await connecting();
      expect(report, JSON.stringify(report.problem)).toMatchObject({ ok: true, tls: { verified: "full" } });
    }
    await server.swapCertificate(await leafOf(stranger));
    expect((await connecting()).problem?.code).toBe("tls-unknown-ca");
  });

  test("the next connection goes by what was changed: added, replaced, removed", async () => {
    await server.swapCertificate(await leafOf(first));
    expect((await connecting()).problem?.code).toBe("trust-no-ca");
    value(await store.save("supabase", pack([first])));
    expect((await connecting()).ok).toBe(true);
    value(await store.save("supabase", pack([second])));
    expect((await connecting()).problem?.code).toBe("tls-unknown-ca");
    value(await store.save("supabase", pack([first])));
    expect((await connecting()).ok).toBe(true);
    value(await store.remove("supabase"));
    expect((await connecting()).problem?.code).toBe("trust-no-ca");
  });

  test("another process sees the change, too", async () => {
    const elsewhere = givenRootsStore(await opened(setup));
    expect(value(await elsewhere.of("supabase"))).toBeUndefined();
    value(await store.save("supabase", pack([first])));
    expect(value(await elsewhere.of("supabase"))?.pems).toEqual([first.pem]);
  });

  test("the set is the same while nothing changes, so that its contexts are, too", async () => {
    value(await store.save("supabase", pack([first])));
    const [one, again] = [await supabase(), await supabase()];
    expect(one?.pems).toBe(again?.pems);
    value(await store.save("supabase", pack([first, second])));
    expect((await supabase())?.pems).not.toBe(one?.pems);
  });

  test("stand beside the shipped ones, or in their place", async () => {
    const shipped = value(await rootsOfPack("rds", stores, new Date()));
    value(await store.save("rds", pack([first], "add")));
    const added = value(await rootsOfPack("rds", stores, new Date()));
    expect(added?.pems.length).toBe((shipped?.pems.length ?? 0) + 1);
    value(await store.save("rds", pack([first], "replace")));
    expect(value(await rootsOfPack("rds", stores, new Date()))?.pems).toEqual([first.pem]);
  });

  test("are sealed in the vault, and count for nobody when they do not open", async () => {
    value(await store.save("supabase", pack([first])));
    const text = readFileSync(setup.file, "utf8");
    expect(text).toContain(`"kind":"${givenRootsKind}"`);
    expect(text).not.toContain(first.pem.split("\n")[1]);
    expect(text).not.toContain("bundle.pem");
    const broken: TrustStores = {
      given: async () => ({ ok: false, problem: problemOf(await trustAnchors(profile(), {})) }),
    };
    expect(
      await trustAnchors({ ...profile(), host: "x.abc.eu-west-1.rds.amazonaws.com" }, broken),
    ).toMatchObject({
      ok: false,
    });
  });

  test("are told to the form with their kind: a public one makes the whole set public", async () => {
    const azure = value(await rootsOfPack("azure-postgres", {}, new Date()));
    value(await store.save("supabase", pack([first])));
    value(
      await store.save("neon", { ...pack([first]), pems: [first.pem, azure?.pems[0] ?? ""], way: "replace" }),
    );
    expect(value(await store.kinds())).toEqual({ supabase: "private", neon: "public" });
  });

  test("vouch where somebody asks whether a certificate is trusted, and are listed", async () => {
    const leaf = await leafOf(first);
    const verdict = async () => value(await checkTrust(leaf.pem, stores)).stores[2];
    expect(await verdict()).toMatchObject({ store: "provider", verdict: "untrusted" });
    value(await store.save("supabase", pack([first])));
    expect(await verdict()).toMatchObject({ store: "provider", verdict: "trusted" });
    const { sha256, total } = await listed(first.x509.fingerprint256);
    expect({ sha256, total }).toEqual({ sha256: first.x509.fingerprint256, total: 1 });
    value(await store.remove("supabase"));
    expect((await listed(first.x509.fingerprint256)).total).toBe(0);
  });

  test("are shown with what they are and where they come from", async () => {
    value(await store.save("supabase", pack([first, second])));
    const reports = value(await packReports(stores));
    expect(reports.find(({ rootsId }) => rootsId === "supabase")).toMatchObject({
      names: ["Supabase", "Supabase pooler"],
      count: 2,
      source: "none",
      lacks: [],
      given: {
        way: "add",
        files: ["bundle.pem"],
        by: "ada",
        since: "2026-11-25T10:00:00.000Z",
        fingerprints: [first.x509.fingerprint256, second.x509.fingerprint256],
      },
    });
    expect(JSON.stringify(reports)).not.toContain("BEGIN");
    expect(reports.map(({ rootsId }) => rootsId)).not.toContain("local");
  });
});

describe("what is said of the shipped ones", () => {
  test("D3: whether Amazon Root CA 1 is in this host's system store", async () => {
    const { amazon } = await amazonRoot();
    const file = `${setup.stateDir}/store.pem`;
    const { writeFileSync } = await import("node:fs");
    writeFileSync(file, stranger.pem);
    const told = async () => {
      const [dsql] = value(await packReports({ certFile: file }, new Date(), "aurora-dsql"));
      return dsql?.roots[0];
    };
    expect(await told()).toMatchObject({ name: "Amazon Root CA 1", inSystem: false, inMozilla: true });
    writeFileSync(file, stranger.pem + amazon);
    expect(await told()).toMatchObject({ inSystem: true });
  });

  test("C11: RDS's lack of its newest regions is named until roots are given", async () => {
    const lacks = async () => value(await packReports(stores, new Date(), "rds"))[0]?.lacks;
    expect(await lacks()).toContain("mx-central-1");
    value(await store.save("rds", pack([first])));
    expect(await lacks()).toEqual([]);
  });
});

describe("a provider's bundle", () => {
  test("H3: is read as PEM and as DER, each root once, by its fingerprint", async () => {
    const read = value(
      await readRoots([
        file("ca.pem", first.pem + second.pem + first.pem),
        { name: "ca.cer", bytes: Buffer.from(stranger.der) },
      ]),
    );
    expect(read.roots.map(({ sha256 }) => sha256)).toEqual([
      ...[first, second, stranger].map(({ x509 }) => x509.fingerprint256),
    ]);
    expect(read.leftOut).toEqual({ notRoots: 0, expired: 0 });
  });

  test("what is no root, or one no more, is left out and counted", async () => {
    const middle = await makeCertificate({ ca: true, commonNames: ["Middle"], issuer: first });
    const leaf = await leafOf(first);
    const past = { notBefore: new Date("2020-01-01"), notAfter: new Date("2021-01-01") };
    const old = await makeCertificate({ ca: true, commonNames: ["Old"], ...past });
    const texts = [leaf, middle, old, first].map(({ pem }) => pem).join("");
    expect(value(await readRoots([file("all.pem", texts)]))).toMatchObject({
      roots: [{ sha256: first.x509.fingerprint256 }],
      leftOut: { notRoots: 2, expired: 1 },
    });
    expect(problemOf(await readRoots([file("no.pem", leaf.pem + middle.pem + old.pem)]))).toMatchObject({
      code: "trust-no-root-in-file",
      facts: { notRoots: 2, expired: 1 },
    });
  });

  test("a certificate that signed itself without being an authority is none", async () => {
    const lone = await makeCertificate({ dns: ["x.test"] });
    expect(problemOf(await readRoots([file("x.pem", lone.pem)])).code).toBe("trust-no-root-in-file");
  });

  test.each([
    ["text", "no certificate at all"],
    ["a cut off block", "-----BEGIN CERTIFICATE-----\nMIIB"],
    ["nothing", ""],
  ])("%s is refused", async (_what, text) => {
    expect((await readRoots([file("x.pem", text)])).ok).toBe(false);
  });
});

function leafOf(issuer: SampleCertificate) {
  return makeCertificate({ dns: [host], commonNames: [host], issuer });
}

function profile() {
  return wireProfile({ port: server.port, host, user: "postgres", tls: { trust: "provider" } });
}

function connecting() {
  return testConnection(profile(), { trustStore: stores, lookup: async () => ["127.0.0.1"] });
}

async function supabase() {
  return value(await rootsOfPack("supabase", stores, new Date()));
}

async function listed(search: string) {
  const page = value(await storeRoots("provider", { search, page: 0 }, stores));
  return { total: page.total, sha256: page.roots[0]?.sha256 };
}

function pack(roots: readonly SampleCertificate[], way: GivenPack["way"] = "add"): GivenPack {
  return {
    way,
    pems: roots.map(({ pem }) => pem),
    files: ["bundle.pem"],
    since: "2026-11-25T10:00:00.000Z",
    by: "ada",
  };
}

function file(name: string, text: string) {
  return { name, bytes: Buffer.from(text) };
}

async function amazonRoot() {
  const set = value(await rootsOfPack("aurora-dsql", {}, new Date()));
  return { amazon: set?.pems[0] ?? "" };
}
