import fc from "fast-check";
import { dnsName } from "./material.ts";
import type { Group, Row } from "./matrix.ts";

/**
 * Rows that nobody thought of: any mixture of parameters, against servers that differ in everything.
 * @param seed the same seed gives the same rows
 * @param perServer how many for each server
 */
export function generatedGroups(seed: number, perServer: number): readonly Group[] {
  return servers.map((server, index) => ({
    ...server,
    rows: fc.sample(anyRow, { seed: seed + index, numRuns: perServer }),
  }));
}

const scram = ["host all all all scram-sha-256"];
const servers: readonly Omit<Group, "rows">[] = [
  { id: "generated: good", certificate: "good", hba: scram, asksForCertificate: true },
  { id: "generated: chain-leaf", certificate: "chain-leaf", hba: scram },
  {
    id: "generated: revoked",
    certificate: "revoked",
    hba: ["host all all all trust"],
    settings: { ssl_max_protocol_version: "TLSv1.2" },
  },
  {
    id: "generated: wildcard",
    certificate: "wildcard",
    hba: ["hostssl all all all cert"],
    asksForCertificate: true,
    settings: { default_transaction_read_only: true },
  },
  { id: "generated: no TLS", certificate: undefined, hba: scram },
];

const oneOf = (...words: readonly string[]) => fc.constantFrom(...words);
const file = (...names: readonly string[]) => oneOf(...names.map((name) => `{${name}}`));

const place: fc.Arbitrary<Row> = fc.constantFrom<Row>(
  { host: dnsName, hostaddr: "127.0.0.1" },
  { host: dnsName, hostaddr: "::1" },
  { host: "localhost" },
  { host: "127.0.0.1" },
  { host: "::1" },
  { hostaddr: "127.0.0.1" },
  { host: `one.test,${dnsName}`, hostaddr: "127.0.0.1,127.0.0.1", port: "{shut},{port}" },
  { host: `localhost,${dnsName}`, hostaddr: ",127.0.0.1" },
);

const identity: fc.Arbitrary<Row> = fc.constantFrom<Row>(
  {},
  { sslcert: "{client}", sslkey: "{client-key}" },
  { sslcert: "{client}", sslkey: "{client-key-der}" },
  { sslcert: "{client}", sslkey: "{client-key-locked}", sslpassword: "open sesame" },
  { sslcert: "{client-of-mid}", sslkey: "{client-of-mid-key}" },
  { sslcert: "{somebody}", sslkey: "{somebody-key}" },
  { sslcert: "{foreign}", sslkey: "{foreign-key}" },
  { sslcert: "{client}", sslkey: "{client-key-open}" },
);

const version = oneOf("TLSv1.2", "TLSv1.3", "tlsv1.3");
/** What is rare makes most rows refused, so it comes seldom. */
const seldom = (words: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: words });

const settings: fc.Arbitrary<Readonly<Record<string, string | undefined>>> = fc.record({
  sslmode: fc.option(oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full"), {
    nil: undefined,
  }),
  sslrootcert: fc.option(
    fc.oneof(
      { weight: 4, arbitrary: file("root", "both", "root-and-mid", "root-with-words") },
      { weight: 1, arbitrary: file("other", "mid", "missing", "empty", "garbage") },
      { weight: 1, arbitrary: fc.constant("system") },
    ),
    { nil: undefined },
  ),
  sslcrl: seldom(file("clean-crl", "revoking-crl", "root-crl-only", "old-crl", "missing")),
  sslcrldir: seldom(file("crl-folder", "revoking-folder", "empty-folder")),
  sslnegotiation: seldom(oneOf("direct", "postgres")),
  ssl_min_protocol_version: seldom(version),
  ssl_max_protocol_version: seldom(version),
  channel_binding: seldom(oneOf("disable", "prefer", "require")),
  sslcertmode: seldom(oneOf("disable", "allow", "require")),
  require_auth: seldom(oneOf("scram-sha-256", "!password", "none", "none,scram-sha-256", "md5", "!none")),
  sslsni: seldom(oneOf("0", "1")),
  target_session_attrs: seldom(oneOf("any", "read-write", "read-only", "primary", "prefer-standby")),
  load_balance_hosts: seldom(oneOf("disable", "random")),
  password: oneOf("right", "right", "right", "wrong"),
});

const anyRow: fc.Arbitrary<Row> = fc
  .tuple(place, settings, identity)
  .map(([where, how, who]) =>
    Object.fromEntries(
      Object.entries({ ...where, ...how, ...who }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
  );
