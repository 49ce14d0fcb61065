import "server-only";
import type { KeyObject, X509Certificate } from "node:crypto";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { mostCharacters } from "#lib/settings/fields.ts";
import { describeCertificate } from "./describe-certificate.ts";
import { type Gathered, type GivenFile, gatherMaterial } from "./gather-material.ts";
import type { CertificateFacts, CrlFacts, KeyFacts } from "./material.ts";
import { type MaterialBox, mostBlocks, type PemBlock } from "./pem-kind.ts";
import { RequestBudget } from "./request-budget.ts";
import { describeRevocationList } from "./revocation-list.ts";
import { mostGivenBytes, mostGivenFiles, type SortNote } from "./sorted-facts.ts";
import { unlockKey } from "./unlock-key.ts";

export type { GivenFile };

/** What was given, box by box. Empty where there is nothing for a box. */
export interface SortedMaterial {
  /** PEM of every certificate that is not the client's own. */
  readonly ca: string;
  /** PEM: the client's certificate first, then each one's issuer (RFC 8446, 4.4.2). */
  readonly clientCertificate: string;
  /** One PEM block; still encrypted when it came so. */
  readonly clientKey: Secret;
  readonly crl: string;
  readonly facts: {
    readonly ca: readonly CertificateFacts[];
    readonly clientCertificate: readonly CertificateFacts[];
    readonly clientKey?: KeyFacts;
    readonly crl: readonly CrlFacts[];
  };
  /** What was done, to be told. */
  readonly notes: readonly SortNote[];
  /** What could not be used and why; the fact `file` says which. */
  readonly problems: readonly Problem[];
}

export interface SortOptions {
  /** Opens PKCS#12 files, and encrypted keys for a look at whether they belong. */
  readonly password?: Secret | undefined;
  /** The box they were given in: it decides where nothing else does. */
  readonly into?: MaterialBox | undefined;
  /** The moment that dates are measured against; the present when left out. */
  readonly now?: Date | undefined;
}

/**
 * Unpacks whatever was given and sorts it into the boxes of the form: the certificate that belongs to the key, with
 * its issuers, is the client's; other certificates are CAs'. Without a key the names of files and the purposes of
 * certificates decide. Duplicates count once.
 *
 * Fails when there is nothing to sort: with the first problem found, with `pkcs12-password-wrong` when a file needs a
 * (better) password, or with `setting-invalid` when it is too large (`mostGivenBytes`) or too much (400 certificates).
 * Never throws, whatever the bytes; gives the thread back every few milliseconds.
 */
export async function sortMaterial(
  files: readonly GivenFile[],
  options: SortOptions = {},
): Promise<Result<SortedMaterial>> {
  const size = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (size > mostGivenBytes || files.length > mostGivenFiles) return failed(fieldProblem("pem-too-long"));
  const budget = new RequestBudget();
  const gathered = await gatherMaterial(files, options.password, budget);
  if (gathered.tooMany) return failed(fieldProblem("too-many-certificates", { most: mostBlocks }));
  if (gathered.locked !== undefined) return failed(gathered.locked);
  const now = options.now ?? new Date();
  const problems = [...gathered.problems];
  const { certificates, duplicates } = await describeAll(gathered, now, budget);
  const keys = await openAll(gathered, options.password, budget, problems);
  const lists = await describeLists(gathered, budget, problems);
  if (certificates.length + keys.length + lists.length === 0)
    return failed(problems[0] ?? problem("pem-not-a-certificate"));
  const split = await splitCertificates(certificates, keys, options.into, budget);
  const sorted = { ...split, lists, problems, duplicates };
  return inBoxes(sorted, keys, options.into);
}

interface Certificate {
  readonly from: string;
  readonly x509: X509Certificate;
  readonly facts: CertificateFacts;
}

interface Key {
  readonly from: string;
  readonly block: PemBlock;
  readonly facts: KeyFacts;
  readonly key?: KeyObject;
}

interface RevocationList {
  readonly from: string;
  readonly pem: string;
  readonly facts: CrlFacts;
}

async function describeAll(gathered: Gathered, now: Date, budget: RequestBudget) {
  const certificates = new Map<string, Certificate>();
  let duplicates = 0;
  for (const { x509, from } of gathered.certificates) {
    await budget.yieldThread();
    const facts = attempted(() => describeCertificate(x509, now));
    if (facts === undefined)
      gathered.problems.push(problem("pem-unusable", { cause: "contents", file: from }));
    else if (certificates.has(facts.sha256)) duplicates += 1;
    else certificates.set(facts.sha256, { from, x509, facts });
  }
  return { certificates: [...certificates.values()], duplicates };
}

async function openAll(
  gathered: Gathered,
  password: Secret | undefined,
  budget: RequestBudget,
  problems: Problem[],
): Promise<readonly Key[]> {
  const keys = new Map<string, Key>();
  for (const { block, from } of gathered.keys) {
    await budget.yieldThread();
    if (keys.has(block.pem)) continue;
    const opened = await unlockKey(block, password, budget);
    // A passphrase has a field of its own to be asked for in.
    if (opened.problem !== undefined && !opened.problem.code.startsWith("key-passphrase-"))
      problems.push(problem(opened.problem.code, { ...opened.problem.facts, file: from }));
    else keys.set(block.pem, { from, block, facts: opened.facts, ...(opened.key && { key: opened.key }) });
  }
  return [...keys.values()];
}

async function describeLists(
  gathered: Gathered,
  budget: RequestBudget,
  problems: Problem[],
): Promise<readonly RevocationList[]> {
  const lists = new Map<string, RevocationList>();
  for (const { pem, from } of gathered.revocationLists) {
    await budget.yieldThread();
    const facts = attempted(() => describeRevocationList(pem));
    if (facts === undefined) problems.push(problem("pem-unusable", { cause: "contents", file: from }));
    else lists.set(pem, { from, pem, facts });
  }
  return [...lists.values()];
}

interface Split {
  readonly chain: readonly Certificate[];
  readonly authorities: readonly Certificate[];
  readonly key: Key | undefined;
}

/** A key that opens finds its certificate; otherwise names, purposes and the box decide. */
async function splitCertificates(
  certificates: readonly Certificate[],
  keys: readonly Key[],
  into: MaterialBox | undefined,
  budget: RequestBudget,
): Promise<Split> {
  for (const key of keys) {
    for (const certificate of certificates) {
      await budget.yieldThread();
      if (belongs(key, certificate)) return around(certificate, certificates, key);
    }
  }
  const leaf = likelyLeaf(certificates, keys, into);
  return leaf === undefined
    ? { chain: [], authorities: certificates, key: keys[0] }
    : around(leaf, certificates, keys[0]);
}

function around(leaf: Certificate, all: readonly Certificate[], key: Key | undefined): Split {
  const chain = chainFrom(leaf, all);
  return { chain, authorities: all.filter((one) => !chain.includes(one)), key };
}

function belongs(key: Key, certificate: Certificate): boolean | undefined {
  const opened = key.key;
  return opened && attempted(() => certificate.x509.checkPrivateKey(opened));
}

function likelyLeaf(
  certificates: readonly Certificate[],
  keys: readonly Key[],
  into: MaterialBox | undefined,
): Certificate | undefined {
  const own = certificates.filter((one) => !one.facts.ca && hintOf(one.from) !== "ca");
  const named = own.find((one) => hintOf(one.from) === "client");
  if (named !== undefined) return named;
  if (into === "clientCertificate") return own[0] ?? certificates[0];
  // An encrypted key cannot say which is its own; among CAs there is often just one that can be.
  if (keys.some((key) => key.key === undefined) && own.length === 1) return own[0];
  if (into === "ca") return undefined;
  return own.find(
    ({ facts }) =>
      facts.extendedKeyUsage.includes("clientAuth") && !facts.extendedKeyUsage.includes("serverAuth"),
  );
}

/** What people and Kubernetes call their files: `ca.crt`, `root.crt`; `tls.crt`, `client.crt`, `postgresql.crt`. */
function hintOf(name: string): "ca" | "client" | undefined {
  if (/(^|[^a-z])(ca|cacerts?|(?:pg)?(?:ssl)?root(?:cert)?|authority|global-bundle)([^a-z]|$)/i.test(name))
    return "ca";
  return /(^|[^a-z])(client|tls|postgresql|user|(?:pg)?sslcert)([^a-z]|$)/i.test(name) ? "client" : undefined;
}

/** The leaf, then each one's issuer as far as it was given along, without the root, which the server has itself. */
function chainFrom(leaf: Certificate, all: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  for (let last = leaf; !last.facts.selfSigned && chain.length < 10; ) {
    const given = last;
    const issuer = all.find(
      (one) =>
        one.facts.subject === given.facts.issuer &&
        one.facts.ca &&
        !one.facts.selfSigned &&
        hintOf(one.from) !== "ca" &&
        !chain.includes(one) &&
        attempted(() => given.x509.checkIssued(one.x509)) === true,
    );
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

interface Sorted extends Split {
  readonly lists: readonly RevocationList[];
  readonly problems: readonly Problem[];
  readonly duplicates: number;
}

function inBoxes(
  sorted: Sorted,
  keys: readonly Key[],
  into: MaterialBox | undefined,
): Result<SortedMaterial> {
  const { chain, authorities, key, lists, problems, duplicates } = sorted;
  const pem = (all: readonly Certificate[]) => all.map((one) => one.facts.pem).join("");
  const boxes = {
    ca: pem(authorities),
    clientCertificate: pem(chain),
    clientKey: key?.block.pem ?? "",
    crl: lists.map((one) => one.pem).join(""),
  };
  if (boxes.ca.length > mostCharacters.ca || boxes.crl.length > mostCharacters.crl)
    return failed(fieldProblem("pem-too-long"));
  if (Math.max(boxes.clientCertificate.length, boxes.clientKey.length) > mostCharacters.pem)
    return failed(fieldProblem("pem-too-long"));
  const placed: SortNote[] = [
    note("ca", authorities),
    note("clientCertificate", chain),
    note("clientKey", key ? [key] : []),
    note("crl", lists),
  ].filter((one) => one.count > 0);
  const elsewhere = into !== undefined && placed.every((one) => one.kind !== "placed" || one.box !== into);
  const notes: SortNote[] = [
    ...placed,
    ...(elsewhere ? [{ kind: "wrong-box", box: into } as const] : []),
    ...(duplicates > 0 ? [{ kind: "duplicates", count: duplicates } as const] : []),
    ...(keys.length > 1 ? [{ kind: "keys-left", count: keys.length - 1 } as const] : []),
  ];
  return ok({
    ...boxes,
    clientKey: new Secret(boxes.clientKey),
    facts: {
      ca: authorities.map((one) => one.facts),
      clientCertificate: chain.map((one) => one.facts),
      ...(key && { clientKey: keyFacts(key, chain[0]) }),
      crl: lists.map((one) => one.facts),
    },
    notes,
    problems,
  });
}

function keyFacts(key: Key, leaf: Certificate | undefined): KeyFacts {
  const answer = leaf && belongs(key, leaf);
  return { ...key.facts, ...(answer === undefined ? {} : { belongs: answer }) };
}

function note(box: MaterialBox, items: readonly { readonly from: string }[]) {
  const from = [...new Set(items.map((one) => one.from))].filter((name) => name !== "");
  return { kind: "placed", box, count: items.length, from: from.slice(0, 5) } as const;
}

/** OpenSSL throws on what it does not like; here that is an answer. */
function attempted<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
