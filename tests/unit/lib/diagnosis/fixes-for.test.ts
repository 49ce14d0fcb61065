import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLine } from "#lib/cli/check-line.ts";
import { checkText } from "#lib/cli/check-text.ts";
import { say } from "#lib/cli/words.ts";
import { fixesFor } from "#lib/diagnosis/fixes-for.ts";
import { catalogue, type ProblemCode, type Step } from "#lib/problems/catalogue.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { stepNames } from "#lib/problems/step-names.ts";
import { problemWords } from "#lib/problems/words.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

import { ownStore } from "#lib/trust/own-store.ts";
import { type Evidence, type HandshakeEvidence, noEvidence } from "#lib/wire/evidence.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

const root = await makeCertificate({ commonNames: ["Root"], ca: true });
const middle = await makeCertificate({ commonNames: ["Intermediate"], ca: true, issuer: root });
const leaf = await makeCertificate({ commonNames: ["db"], dns: ["db.example.test"], issuer: middle });
const selfSigned = await makeCertificate({ commonNames: ["db"], dns: ["db.example.test"] });
const codes = Object.keys(catalogue) as ProblemCode[];

/** Steps that are not taken in plain text. */
const needsTls: readonly Step[] = ["tls-request", "handshake", "chain", "host-name"];

const own = { trust: "own", ca: root.pem } as const;
const client = { clientCertificate: leaf.pem, clientKey: leaf.keyPem } as const;

/** Forms that can be sent, each with something that a change could collide with. */
const forms: Readonly<Record<string, Partial<FormValues>>> = {
  plain: {},
  "no SSL, nothing to trust": { ssl: false, trust: "own" },
  "no SSL, a provider without roots": { ssl: false, trust: "provider", host: "db.abc.supabase.co" },
  "Require with a CA": { mode: "require", ...own },
  "Verify CA": { mode: "verify-ca", ...own },
  "Verify CA with the provider's own roots": {
    mode: "verify-ca",
    trust: "provider",
    host: "db.abc.eu-west-1.rds.amazonaws.com",
  },
  "a provider with public roots": { trust: "provider", host: "ep-a-b-123.eu-central-1.aws.neon.tech" },
  "self-signed allowed, bound to the channel": { allowSelfSigned: true, channelBinding: "require" },
  "TLS 1.3 alone": { minVersion: "TLSv1.3", negotiation: "direct" },
  "TLS 1.2 alone": { maxVersion: "TLSv1.2", sni: false },
  "a client certificate": { ...own, ...client },
  "a client certificate to sign in": { ...own, ...client, signIn: "certificate" },
  Prefer: { mode: "prefer", ...own, options: "-c a=b" },
};

describe.each(Object.entries(forms))("%s", (_name, more) => {
  const values: FormValues = { ...newFormValues, host: "db.example.test", user: "app", ...more };

  test.each([[[leaf, middle, root]], [[leaf]], [[selfSigned]]])(
    "what one click changes, the form takes (%#)",
    async (chain) => {
      const parsed = await parseProfileForm(values);
      if (!parsed.ok) throw new Error(`the form itself is refused: ${JSON.stringify(parsed.problem)}`);
      const evidence: Evidence = {
        ...noEvidence(parsed.value, new Date()),
        dialled: "192.0.2.1",
        handshake: shown(chain.map((one) => one.x509)),
        otherTrustStores: ["provider", "system", "mozilla"],
        certificateNameAddresses: ["192.0.2.1"],
        intermediates: chain.length === 1 && chain[0] === leaf ? [middle.x509] : [],
      };
      evidence.signIn.method = "password";
      const possible = codes.filter((code) => values.ssl || !needsTls.includes(catalogue[code].step));
      const offered = possible.flatMap((code) =>
        fixesFor(code, evidence).map(({ id, change }) => ({ name: `${code}: ${id}`, change })),
      );
      const refused: string[] = [];
      for (const { name, change } of offered) {
        const result = await parseProfileForm({ ...values, ...change });
        if (change !== undefined && !result.ok)
          refused.push(`${name}: ${Object.keys(result.problem.fields).join()}`);
      }
      expect(refused).toEqual([]);
    },
  );
});

/**
 * Never met by a test of the form: the form itself refuses what they speak of, on the field and before anything is
 * dialled. Their changes are for `check --json`.
 */
const refusedByTheForm: readonly string[] = [
  "trust-no-ca",
  "tls-range-empty",
  "certificate-without-key",
  "client-certificate-expired",
  "auth-token-needs-verification",
  "string-sslmode-unknown",
  "key-without-certificate",
  "trust-weak-mode",
];

describe("one list of what can be done", () => {
  test("all that is offered stands in the catalogue's list, in its order", () => {
    fc.assert(
      fc.property(evidences, fc.constantFrom(...codes), (evidence, code) => {
        const offered = fixesFor(code, evidence).map(({ id }) => id);
        const listed: readonly string[] = catalogue[code].fixes;
        expect(offered).toEqual(listed.filter((id) => offered.includes(id)));
        expect(new Set(offered).size).toBe(offered.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test("whatever stands in a list can be offered", () => {
    const offered = new Map(codes.map((code) => [code, new Set<string>()]));
    // The same evidences in every run: what is rare must not fail once in a while.
    for (const evidence of fc.sample(evidences, { seed: 9, numRuns: 1_500 }))
      for (const code of codes) for (const { id } of fixesFor(code, evidence)) offered.get(code)?.add(id);
    for (const code of codes) {
      const listed: readonly string[] = catalogue[code].fixes;
      expect([...(offered.get(code) ?? [])].toSorted(), code).toEqual([...listed].toSorted());
    }
  });

  test("no list names one thing twice", () => {
    for (const code of codes) expect(new Set(catalogue[code].fixes).size).toBe(catalogue[code].fixes.length);
  });

  test("the command line shows it so: a case's fixes are lines of the catalogue's entry", () => {
    fc.assert(
      fc.property(evidences, fc.constantFrom(...codes), (evidence, code) => {
        const general = problemWords(problem(code), say).fixes.map(({ id }) => id);
        expect(general).toEqual(catalogue[code].fixes);
        const shown = problem(code, {}, { fixes: fixesFor(code, evidence) });
        const { fixes } = JSON.parse(checkLine({ label: "db", report: failedWith(shown) })).problem;
        const ids = fixes.map(({ id }: { id: string }) => id);
        expect(ids).toEqual(general.filter((id) => ids.includes(id)));
        const lines = checkText({ label: "db", report: failedWith(shown) }).split("\n");
        const titles = problemWords(shown, say).fixes.map(({ title }) => `    - ${title}`);
        expect(lines.filter((line) => titles.includes(line))).toEqual(titles);
      }),
      { numRuns: 300 },
    );
  });
});

const ofOwn = await evidenceOf(own);

describe("the first that is offered is one that can work", () => {
  const named = (addresses: readonly string[], more: Partial<Evidence> = {}): Evidence => ({
    ...ofOwn,
    dialled: "192.0.2.1",
    addresses: ["192.0.2.1", "192.0.2.2"],
    handshake: shown([leaf.x509]),
    certificateNameAddresses: addresses,
    ...more,
  });
  const ids = (evidence: Evidence) => fixesFor("tls-hostname-mismatch", evidence).map(({ id }) => id);

  test.each([
    ["leads nowhere", []],
    ["leads to another server", ["198.51.100.7"]],
  ])("a certificate's name that %s is verified at the address that answered", (_what, addresses) => {
    expect(ids(named(addresses))).toEqual(["verify-name-dial-address", "check-host", "use-verify-ca"]);
  });

  test.each([
    ["the address that answered", ["203.0.113.1", "192.0.2.1"]],
    ["another address of the same host", ["192.0.2.2"]],
  ])("one that leads to %s is put first", (_what, addresses) => {
    expect(ids(named(addresses)).slice(0, 2)).toEqual(["use-certificate-name", "verify-name-dial-address"]);
  });

  test("a pattern is no name, and an address is none to be verified elsewhere", () => {
    const showing = (names: readonly string[]) => ({
      handshake: { ...shown([leaf.x509]), name: { matches: false, names } },
    });
    expect(ids(named(["192.0.2.1"], showing(["*.example.test"])))).toEqual(["check-host", "use-verify-ca"]);
    expect(ids(named(["192.0.2.2"], showing(["192.0.2.2"])))[0]).toBe("use-certificate-name");
    expect(ids(named(["192.0.2.2"], showing(["192.0.2.2"])))).not.toContain("verify-name-dial-address");
  });

  test("TLS is required: of Prefer, which tried it, Verify Full is what is asked for", async () => {
    const first = async (more: Partial<FormValues>) =>
      fixesFor("auth-tls-required", await evidenceOf(more))[0];
    expect((await first({ ssl: false }))?.id).toBe("turn-ssl-on");
    expect(await first({ mode: "prefer" })).toEqual({
      id: "use-verify-full",
      change: { ssl: true, mode: "verify-full", allowSelfSigned: false },
    });
  });

  test("a changed certificate that an authority vouches for now is checked by it, before it is pinned anew", async () => {
    const evidence = await evidenceOf({ trust: "own", ca: selfSigned.pem });
    evidence.handshake = shown([leaf.x509]);
    evidence.otherTrustStores = ["system"];
    expect(fixesFor("tls-pin-changed", evidence).map(({ id }) => id)).toEqual([
      "trust-system",
      "check-host",
      "give-ca",
    ]);
  });
});

test("each problem with a fix of one click has its test in the browser", async () => {
  const form = {
    ...own,
    ...client,
    mode: "prefer",
    options: "-c a=b",
    sni: false,
    maxVersion: "TLSv1.2",
  } as const;
  const everything: Evidence = {
    ...(await evidenceOf(form)),
    dialled: "192.0.2.1",
    handshake: shown([leaf.x509, middle.x509, root.x509]),
    otherTrustStores: ["system"],
    intermediates: [middle.x509],
    certificateNameAddresses: ["192.0.2.1"],
  };
  everything.signIn.method = "password";
  const pinned = { ...everything, handshake: shown([selfSigned.x509]) };
  const oneClick = codes.filter((code) =>
    [everything, pinned].some((evidence) =>
      fixesFor(code, evidence).some(({ change }) => change !== undefined),
    ),
  );
  expect(oneClick.length).toBeGreaterThan(25);
  const browser = readFileSync(join(import.meta.dirname, "../../../e2e/fixes.test.ts"), "utf8");
  const applied = new Set(browser.match(/(?<=")[a-z]+(?:-[a-z]+)+(?=")/g));
  expect(oneClick.filter((code) => !applied.has(code) && !refusedByTheForm.includes(code))).toEqual([]);
});

test("a store of public authorities is chosen together with Verify Full", async () => {
  const evidence = await evidenceOf({ mode: "require", ...own });
  evidence.otherTrustStores = ["system"];
  expect(fixesFor("tls-unknown-ca", evidence)[0]).toEqual({
    id: "trust-system",
    change: { trust: "system", mode: "verify-full" },
  });
});

test("a missing intermediate that was met elsewhere is added to the root that vouches for it", () => {
  const evidence = { ...ofOwn };
  evidence.handshake = shown([leaf.x509]);
  evidence.intermediates = [middle.x509];
  const [fix] = fixesFor("tls-intermediate-missing", evidence);
  expect(fix?.change).toEqual({ trust: "own", ca: root.pem + middle.pem });
});

test("one that was not met is asked for", () => {
  const evidence = { ...ofOwn };
  evidence.handshake = shown([leaf.x509]);
  expect(fixesFor("tls-intermediate-missing", evidence)[0]).toEqual({
    id: "add-intermediate",
    facts: { issuer: "CN=Intermediate" },
  });
});

const ofNothing = await evidenceOf({});

/** What can be seen, in every combination: half of it makes no sense together, and must not matter. */
const evidences: fc.Arbitrary<Evidence> = fc
  .record({
    host: fc.constantFrom(
      "db.example.test",
      "db.abc.eu-west-1.rds.amazonaws.com",
      "db.abc.supabase.co",
      "x.sql.goog",
      "x.postgres.database.azure.com",
      "abcdefghijklmnopqrstuvwxyz.dsql.us-east-1.on.aws",
    ),
    tls: fc.record(
      {
        mode: fc.constantFrom("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
        trust: fc.constantFrom("system", "mozilla", "provider", "own"),
        allowSelfSigned: fc.boolean(),
        sni: fc.boolean(),
        minVersion: fc.constantFrom("TLSv1.2", "TLSv1.3"),
        maxVersion: fc.constantFrom("TLSv1.2", "TLSv1.3"),
        negotiation: fc.constantFrom("postgres", "direct"),
        ca: fc.constantFrom(root.pem, selfSigned.pem),
        clientCertificate: fc.constant(leaf.pem),
      },
      { requiredKeys: ["mode", "trust"] },
    ),
    keyed: fc.boolean(),
    sign: fc.constantFrom("password", "certificate", "aurora-dsql-token"),
    options: fc.constantFrom("", "-c a=b"),
    step: fc.constantFrom(...stepNames),
    dialled: fc.constantFrom(null, "192.0.2.1"),
    chain: fc.constantFrom(null, [leaf], [leaf, middle, root], [selfSigned]),
    trusted: fc.constantFrom(null, root.pem, selfSigned.pem),
    otherTrustStores: fc.subarray<"provider" | "system" | "mozilla">(["provider", "system", "mozilla"]),
    intermediates: fc.constantFrom([], [middle.x509]),
    certificateNameAddresses: fc.constantFrom([], ["192.0.2.1"]),
    certificateAsked: fc.constantFrom(null, false, true),
    method: fc.constantFrom(null, "password", "md5", "scram-sha-256"),
    kind: fc.constantFrom(null, "aurora-dsql-token", "entra-token"),
  })
  .map(({ host, tls, keyed, sign, options, chain, trusted, method, kind, ...seen }) => {
    const base = ofNothing;
    const now = base.now;
    return {
      ...base,
      ...seen,
      profile: {
        ...base.profile,
        host,
        options,
        signIn: sign,
        tls: { ...base.profile.tls, ...tls },
        secrets: keyed ? { clientKey: new Secret(leaf.keyPem) } : {},
      },
      handshake: chain === null ? null : shown(chain.map((one) => one.x509)),
      anchors: trusted === null ? null : { source: "own", ...ownStore(trusted) },
      signIn: { ...base.signIn, method },
      token:
        kind === null
          ? null
          : { kind, madeAt: now, expiresAt: now, region: null, refusedAt: null, serviceTime: null },
    };
  });

function failedWith(found: Problem): AttemptReport {
  return { ok: false, problem: found, steps: [], tls: null, server: null, fallback: null, ms: 1 };
}

async function evidenceOf(more: Partial<FormValues>): Promise<Evidence> {
  const parsed = await parseProfileForm({ ...newFormValues, host: "db.example.test", user: "app", ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return noEvidence(parsed.value, new Date());
}

function shown(chain: HandshakeEvidence["chain"]): HandshakeEvidence {
  return {
    chain,
    name: { matches: false, names: ["db2.example.test"] },
    protocol: "TLSv1.3",
    cipher: "",
    keyExchange: null,
    alpn: null,
    sni: null,
    anchor: null,
    built: null,
    sentClientCertificate: false,
    accepted: false,
    verifyError: "x",
    verifyText: "x",
  };
}
