import { expect, test } from "vitest";
import type { KeyFacts } from "#lib/certificates/material.ts";
import { clientChain, givenClientChain } from "#lib/connect/chain/client-chain.ts";
import type { ProblemCode } from "#lib/problems/catalogue.ts";
import { certificate, drawn } from "./drawn.ts";

const client = certificate("app", "Ours");
const sent = { clientCertificate: client };
const none = { clientCertificate: null };
const saw = (clientDn: string | null) => ({ sees: { ssl: true, version: null, cipher: null, clientDn } });

test.each<[ProblemCode | null, { clientCertificate: typeof client | null }, string | null, string]>([
  [null, none, null, ""],
  [null, sent, null, "client . = issuer . . server ."],
  [null, sent, "CN=app", "client = issuer = server"],
  ["auth-password-wrong", none, null, ""],
  ["client-certificate-required", none, null, "(client) x x{client-certificate-required} server ."],
  ["auth-client-certificate-missing", none, null, "(client) x x{auth-client-certificate-missing} server ."],
  ["client-certificate-refused", sent, null, "client = issuer . x{client-certificate-refused} server ."],
  [
    "client-certificate-unknown-ca",
    sent,
    null,
    "client = issuer x x{client-certificate-unknown-ca} server .",
  ],
  ["client-certificate-revoked", sent, null, "client x[client-certificate-revoked] = issuer . . server ."],
  [
    "client-certificate-wrong-purpose",
    sent,
    null,
    "client x[client-certificate-wrong-purpose] = issuer . . server .",
  ],
  ["client-certificate-expired", sent, null, "client x[client-certificate-expired] = issuer . . server ."],
  [
    "auth-client-certificate-other-user",
    sent,
    null,
    "client = issuer . x{auth-client-certificate-other-user} server .",
  ],
])("%s, %#", (code, tls, clientDn, drawing) => {
  const report = { tls, server: saw(clientDn) } as Parameters<typeof clientChain>[0];
  expect(drawn(clientChain(report, code === null ? null : { code }))).toBe(drawing);
});

const key = (belongs?: boolean): KeyFacts => ({
  kind: "PKCS#8",
  encrypted: false,
  ...(belongs !== undefined && { belongs }),
});
const middle = certificate("Ours", "Root", { ca: true });
const root = certificate("Root", "Root", { ca: true });

test.each<[string, Parameters<typeof givenClientChain>, string]>([
  ["a certificate", [[client], undefined], "client . issuer ."],
  ["with its key", [[client], key(true)], "key = client . issuer ."],
  ["with another one's key", [[client], key(false)], "key x x{key-not-for-certificate} client . issuer ."],
  ["with a key that is locked", [[client], key()], "key . . client . issuer ."],
  ["with all its issuers", [[client, middle, root], key(true)], "key = client = intermediate = root"],
  [
    "that is over",
    [[{ ...client, daysLeft: -1 }], undefined],
    "client x[client-certificate-expired] . issuer .",
  ],
  ["a key alone", [[], key()], ""],
])("pasted: %s", (_what, given, drawing) => {
  expect(drawn(givenClientChain(...given))).toBe(drawing);
});
