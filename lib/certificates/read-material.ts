import "server-only";
import { X509Certificate } from "node:crypto";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";
import { mostCharacters } from "#lib/settings/fields.ts";
import { keyBelongs, type OpenedKey, openKey } from "./client-key.ts";
import { describeCertificate } from "./describe-certificate.ts";
import type { CertificateFacts, CrlFacts, MaterialFacts } from "./material.ts";
import { type MaterialBox, type PemBlock, pemBlocks, pemTextProblems } from "./pem-kind.ts";
import { describeRevocationList } from "./revocation-list.ts";

export { describeCertificate };

export interface MaterialOptions {
  /** The key as `KeyOpener` opened it; left out, an encrypted one stays shut. */
  readonly opened?: OpenedKey | undefined;
  /** The client certificate that a key should belong to, PEM. */
  readonly certificate?: string | undefined;
  /** The moment that dates are measured against; the present when left out. */
  readonly now?: Date | undefined;
}

/**
 * What was given in one box, block by block, each described, with everything that is wrong with it. Node skips a
 * block that it cannot read, without a word, and later says that the server is not trusted, so each one is opened
 * here. Costs some 0.2 ms a certificate. An empty box has no facts and no problem.
 * @param box  the box of the form
 * @param text PEM as it was pasted, of any of the shapes that `normalisePem` takes
 */
export function readMaterial(
  box: MaterialBox,
  text: string | Secret,
  options: MaterialOptions = {},
): MaterialFacts {
  const source = Secret.is(text) ? text.reveal() : text;
  if (source.length > longest(box)) return { ...nothing, problems: [fieldProblem("pem-too-long")] };
  const byText = pemTextProblems(box, source).map((found) => problem(found.code, found.facts));
  if (byText.some((found) => found.facts.block === undefined)) return { ...nothing, problems: byText };
  const refused = new Set(byText.map((found) => found.facts.block));
  const all = pemBlocks(source);
  const numbered = all.map((block, index) => ({ block, place: { block: index + 1, blocks: all.length } }));
  const found = readBlocks(
    box,
    numbered.filter(({ place }) => !refused.has(place.block)),
    options,
  );
  return { ...found, problems: [...byText, ...found.problems] };
}

/** A block and its number in the box, for the facts of a problem. */
interface Numbered {
  readonly block: PemBlock;
  readonly place: { readonly block: number; readonly blocks: number };
}

const nothing: MaterialFacts = { certificates: [], crls: [], problems: [] };

function longest(box: MaterialBox): number {
  if (box === "ca") return mostCharacters.ca;
  return box === "crl" ? mostCharacters.crl : mostCharacters.pem;
}

function readBlocks(box: MaterialBox, blocks: readonly Numbered[], options: MaterialOptions): MaterialFacts {
  if (box === "clientKey") return readKey(blocks, options);
  if (box === "crl") return readRevocationLists(blocks);
  return readCertificates(box, blocks, options.now ?? new Date());
}

function readCertificates(box: MaterialBox, blocks: readonly Numbered[], now: Date): MaterialFacts {
  const certificates: CertificateFacts[] = [];
  const problems: Problem[] = [];
  for (const { block, place } of blocks) {
    const read = certificateOf(block, now);
    if (read) certificates.push(read);
    else problems.push(problem("pem-unusable", { cause: "contents", label: block.label, ...place }));
  }
  const leaf = certificates[0];
  if (box === "clientCertificate" && leaf !== undefined && Date.parse(leaf.notAfter) < now.getTime()) {
    const { subject, notAfter } = leaf;
    problems.push(problem("client-certificate-expired", { subject, notAfter }));
  }
  return { certificates, crls: [], problems };
}

function certificateOf(block: PemBlock, now: Date): CertificateFacts | undefined {
  try {
    return describeCertificate(new X509Certificate(block.pem), now);
  } catch {
    return undefined;
  }
}

/** The first private key counts, as for OpenSSL; certificates that came with it are described beside it. */
function readKey(blocks: readonly Numbered[], options: MaterialOptions): MaterialFacts {
  const beside = blocks.filter(({ block }) => block.kind === "certificate");
  const { certificates } = readCertificates("ca", beside, options.now ?? new Date());
  const key = blocks.find(({ block }) => block.kind === "private-key");
  if (key === undefined) return { ...nothing, certificates };
  const opened = options.opened ?? openKey(key.block);
  const belongs = opened.key && keyBelongs(options.certificate ?? "", opened.key);
  const problems = [
    ...(opened.problem ? [opened.problem] : []),
    ...(belongs === false ? [problem("key-not-for-certificate")] : []),
  ];
  return {
    certificates,
    key: { ...opened.facts, ...(belongs === undefined ? {} : { belongs }) },
    crls: [],
    problems,
  };
}

function readRevocationLists(blocks: readonly Numbered[]): MaterialFacts {
  const crls: CrlFacts[] = [];
  const problems: Problem[] = [];
  for (const { block, place } of blocks) {
    const read = describeRevocationList(block.pem);
    if (read) crls.push(read);
    else problems.push(problem("pem-unusable", { cause: "contents", label: block.label, ...place }));
  }
  return { certificates: [], crls, problems };
}
