import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixesFor } from "#lib/diagnosis/fixes-for.ts";
import { catalogue, type ProblemCode, type Step } from "#lib/problems/catalogue.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type Evidence, type HandshakeEvidence, noEvidence } from "#lib/wire/evidence.ts";

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
  const parsed = parseProfileForm(values);

  test.each([[[leaf, middle, root]], [[leaf]], [[selfSigned]]])(
    "what one click changes, the form takes (%#)",
    (chain) => {
      if (!parsed.ok) throw new Error(`the form itself is refused: ${JSON.stringify(parsed.problem)}`);
      const evidence: Evidence = {
        ...noEvidence(parsed.value, new Date()),
        dialled: "192.0.2.1",
        handshake: shown(chain.map((one) => one.x509)),
        otherTrustStores: ["provider", "system", "mozilla"],
        intermediates: chain.length === 1 && chain[0] === leaf ? [middle.x509] : [],
      };
      evidence.signIn.method = "password";
      const possible = codes.filter((code) => values.ssl || !needsTls.includes(catalogue[code].step));
      const refused = possible.flatMap((code) =>
        fixesFor(code, evidence).flatMap(({ id, change }) => {
          if (change === undefined) return [];
          const result = parseProfileForm({ ...values, ...change });
          return result.ok ? [] : [`${code}: ${id}: ${Object.keys(result.problem.fields).join()}`];
        }),
      );
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
];

test("each problem with a fix of one click has its test in the browser", () => {
  const everything: Evidence = {
    ...evidenceOf({
      ...own,
      ...client,
      mode: "prefer",
      options: "-c a=b",
      sni: false,
      maxVersion: "TLSv1.2",
    }),
    dialled: "192.0.2.1",
    handshake: shown([leaf.x509, middle.x509, root.x509]),
    otherTrustStores: ["system"],
    intermediates: [middle.x509],
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

test("a store of public authorities is chosen together with Verify Full", () => {
  const evidence = evidenceOf({ mode: "require", ...own });
  evidence.otherTrustStores = ["system"];
  expect(fixesFor("tls-unknown-ca", evidence)[0]).toEqual({
    id: "trust-system",
    change: { trust: "system", mode: "verify-full" },
  });
});

test("a missing intermediate that was met elsewhere is added to the root that vouches for it", () => {
  const evidence = evidenceOf(own);
  evidence.handshake = shown([leaf.x509]);
  evidence.intermediates = [middle.x509];
  const [fix] = fixesFor("tls-intermediate-missing", evidence);
  expect(fix?.change).toEqual({ trust: "own", ca: root.pem + middle.pem });
});

test("one that was not met is asked for", () => {
  const evidence = evidenceOf(own);
  evidence.handshake = shown([leaf.x509]);
  expect(fixesFor("tls-intermediate-missing", evidence)[0]).toEqual({
    id: "add-intermediate",
    facts: { issuer: "CN=Intermediate" },
  });
});

function evidenceOf(more: Partial<FormValues>): Evidence {
  const parsed = parseProfileForm({ ...newFormValues, host: "db.example.test", user: "app", ...more });
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
