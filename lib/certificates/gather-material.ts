import "server-only";
import { X509Certificate } from "node:crypto";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { Secret } from "#lib/secret.ts";
import { definiteLengths } from "./ber.ts";
import { readElement } from "./der.ts";
import { derKind } from "./der-kind.ts";
import { visible } from "./distinguished-name.ts";
import { looksLikeManifest, looksLikeSettings, namedLines, namedScalars } from "./named-scalars.ts";
import { mostBlocks, type PemBlock, pemBlocks, pemTextProblem } from "./pem-kind.ts";
import { unpackPkcs7 } from "./pkcs7.ts";
import { openPkcs12 } from "./pkcs12.ts";
import { plainPem } from "./plain-pem.ts";
import type { RequestBudget } from "./request-budget.ts";
import { textOfBytes } from "./text-of-bytes.ts";

/** A file as it was chosen or dropped, or a text as it was pasted. */
export interface GivenFile {
  readonly name?: string | undefined;
  readonly bytes: Uint8Array;
}

/** Something with the name it came under: the file's, or within a manifest the entry's. */
interface Origin {
  readonly from: string;
}

/** Everything found in what was given, unpacked and not yet sorted. */
export interface Gathered {
  readonly certificates: (Origin & { readonly x509: X509Certificate })[];
  readonly keys: (Origin & { readonly block: PemBlock })[];
  readonly revocationLists: (Origin & { readonly pem: string })[];
  /** What could not be used, with the `file` as a fact. */
  readonly problems: Problem[];
  /** Set when a PKCS#12 file did not open: without its password nothing of it is known. */
  locked?: Problem;
  /** Certificates looked at, those that could not be read included. */
  tried: number;
  /** More was found than anybody needs; the rest was left unread. */
  tooMany: boolean;
}

export const mostKeys = 16;
export const mostRevocationLists = 32;

/** No certificate that can be used in a handshake is larger; OpenSSL takes 100 KB for a whole chain. */
const largestCertificate = 128 * 1024;

/**
 * Recognises and unpacks everything in the given files: PEM, DER, PKCS#7, PKCS#12, base64 without a frame, and
 * manifests that hold any of these. The content decides, never the name.
 */
export async function gatherMaterial(
  files: readonly GivenFile[],
  password: Secret | undefined,
  budget: RequestBudget,
): Promise<Gathered> {
  const gathered: Gathered = {
    certificates: [],
    keys: [],
    revocationLists: [],
    problems: [],
    tried: 0,
    tooMany: false,
  };
  for (const file of files) {
    const from = visible((file.name ?? "").slice(0, 100));
    const read: Reading = { from, password, budget, gathered, depth: 0 };
    const usable = await gatherBytes(file.bytes, read);
    if (!usable) gathered.problems.push(unreadable(file.bytes, from));
    await budget.yieldThread();
  }
  return gathered;
}

interface Reading extends Origin {
  readonly password: Secret | undefined;
  readonly budget: RequestBudget;
  readonly gathered: Gathered;
  /** How many wrappings were taken off: base64 within a manifest within base64. */
  readonly depth: number;
}

/** @returns false when it is nothing that is known; then nothing was said about it either */
async function gatherBytes(bytes: Uint8Array, read: Reading): Promise<boolean> {
  if (await gatherDer(bytes, read)) return true;
  const text = textOfBytes(bytes);
  return text !== undefined && gatherText(text, read);
}

async function gatherDer(bytes: Uint8Array, read: Reading): Promise<boolean> {
  if (bytes[0] !== 0x30) return false;
  const streamed = bytes[1] === 0x80 ? definiteLengths(bytes) : bytes;
  let found = false;
  for (let at = 0; streamed !== undefined && at < streamed.length; ) {
    const element = readElement(streamed, at);
    const kind = element && derKind(element.whole);
    if (element === undefined || kind === undefined || read.gathered.tooMany) break;
    found = true;
    await keepDer(kind, element.whole, read);
    at += element.whole.length;
    await read.budget.yieldThread();
  }
  return found;
}

async function keepDer(kind: string, der: Uint8Array, read: Reading): Promise<void> {
  if (kind === "CERTIFICATE") return keepCertificate(der, read);
  if (kind === "PKCS7") return keepPkcs7(der, read);
  if (kind === "PKCS12") return keepPkcs12(der, read);
  for (const block of pemBlocks(framed(kind, der))) keepBlock(block, read);
}

async function gatherText(text: string, read: Reading): Promise<boolean> {
  if (looksLikeManifest(text) && (await gatherManifest(text, read))) return true;
  if (looksLikeSettings(text) && (await gatherSettings(text, read))) return true;
  const blocks = pemBlocks(text);
  if (blocks.length > mostBlocks) read.gathered.tooMany = true;
  if (blocks.length > 0) {
    for (const block of blocks.slice(0, mostBlocks)) {
      if (block.kind === "pkcs7" && block.state === "whole") await keepPkcs7(bytesOf(block), read);
      else if (block.kind === "certificate" && block.state === "whole") keepCertificate(block.pem, read);
      else keepBlock(block, read);
      await read.budget.yieldThread();
    }
    return true;
  }
  const foreign = foreignKey(text);
  if (foreign !== undefined) {
    complain(foreign, read);
    return true;
  }
  const bytes = read.depth < 3 ? fromBase64(text) : undefined;
  return bytes !== undefined && gatherBytes(bytes, { ...read, depth: read.depth + 1 });
}

/**
 * Certificates among the settings of a program, under their names: PEM with escaped line ends, base64 of either form,
 * JSON in a variable. Of what holds none nothing is said: it may be PEM with a name before it.
 */
async function gatherSettings(text: string, read: Reading): Promise<boolean> {
  if (read.depth >= 3) return false;
  const json = /^\s*[{[]/.test(text) ? namedScalars(text) : undefined;
  const scalars = json?.ok ? json.value : namedLines(text);
  let found = false;
  let rest = text;
  for (const { name, value } of scalars) {
    const worth =
      value.length >= 40 &&
      (pemBlocks(value).some(({ state }) => state === "whole") ||
        /^\s*[{[]/.test(value) ||
        fromBase64(value));
    const from = visible(name.slice(0, 100));
    if (!worth || !(await gatherText(value, { ...read, from, depth: read.depth + 1 }))) continue;
    found = true;
    rest = rest.replace(value, () => "");
    await read.budget.yieldThread();
  }
  // PEM over several lines stands between the lines that have a name each.
  if (found && json === undefined && pemBlocks(rest).length > 0)
    await gatherText(rest, { ...read, depth: 3 });
  return found;
}

/** Entries that hold nothing of use are passed over: a Secret has a user name and a password as well. */
async function gatherManifest(text: string, read: Reading): Promise<boolean> {
  if (read.depth >= 3) return false;
  const problems = read.gathered.problems.length;
  const locked = read.gathered.locked;
  const scalars = namedScalars(text);
  if (!scalars.ok) {
    // A head of PEM may look like a manifest's line; its blocks are found without it.
    if (pemBlocks(text).length > 0) return false;
    complain(scalars.problem, read);
    return true;
  }
  let found = false;
  for (const { name, value } of scalars.value) {
    const from = visible(name.slice(0, 100));
    if (await gatherText(value, { ...read, from, depth: read.depth + 1 })) found = true;
    await read.budget.yieldThread();
  }
  // A key store beside the same things in PEM need not be opened.
  if (read.gathered.keys.length > 0 && locked === undefined && read.gathered.locked !== undefined) {
    read.gathered.problems.push(read.gathered.locked);
    delete read.gathered.locked;
  }
  return found || read.gathered.problems.length > problems;
}

function keepCertificate(given: Uint8Array | string, read: Reading): void {
  const { gathered, from } = read;
  gathered.tried += 1;
  if (gathered.tried > mostBlocks) {
    gathered.tooMany = true;
    return;
  }
  if (given.length > largestCertificate) {
    complain(fieldProblem("pem-too-long"), read);
    return;
  }
  try {
    gathered.certificates.push({ from, x509: new X509Certificate(given) });
  } catch {
    complain(problem("pem-unusable", { cause: "contents" }), read);
  }
}

async function keepPkcs7(der: Uint8Array, read: Reading): Promise<void> {
  const contents = unpackPkcs7(der);
  if (contents === undefined || contents.certificates.length + contents.revocationLists.length === 0) {
    complain(problem("pem-not-a-certificate"), read);
    return;
  }
  await keepAll(contents, read);
}

async function keepPkcs12(der: Uint8Array, read: Reading): Promise<void> {
  let opened = await openPkcs12(der, read.password, read.budget);
  // Of several files each may have been protected with another one, or with none.
  if (!opened.ok && opened.problem.facts.given === true) {
    const unprotected = await openPkcs12(der, undefined, read.budget);
    if (unprotected.ok) opened = unprotected;
  }
  if (!opened.ok) {
    const { code, facts } = opened.problem;
    const told = problem(code, { ...facts, file: read.from });
    if (code === "pkcs12-password-wrong") read.gathered.locked ??= told;
    else read.gathered.problems.push(told);
    return;
  }
  await keepAll(opened.value, read);
  for (const key of opened.value.keys) {
    for (const block of pemBlocks(framed("PRIVATE KEY", key))) keepBlock(block, read);
  }
}

async function keepAll(
  contents: {
    readonly certificates: readonly Uint8Array[];
    readonly revocationLists: readonly Uint8Array[];
  },
  read: Reading,
): Promise<void> {
  for (const certificate of contents.certificates) {
    keepCertificate(certificate, read);
    if (read.gathered.tooMany) return;
    await read.budget.yieldThread();
  }
  for (const list of contents.revocationLists) {
    for (const block of pemBlocks(framed("X509 CRL", list))) keepBlock(block, read);
  }
}

/** Every kind of block but certificates, which are read at once, and bundles. */
function keepBlock(block: PemBlock, read: Reading): void {
  const { gathered, from } = read;
  if (block.kind === "parameters") return;
  if (block.label === "OPENSSH PRIVATE KEY" || block.label.startsWith("SSH2 ")) {
    complain(problem("key-format-unsupported", { format: "OpenSSH" }), read);
  } else if (block.state !== "whole") {
    complain(problem(block.state === "cut" ? "pem-truncated" : "pem-unusable", block.trouble), read);
  } else if (block.kind === "private-key") {
    if (gathered.keys.length >= mostKeys) gathered.tooMany = true;
    else gathered.keys.push({ from, block });
  } else if (block.kind === "crl") {
    if (gathered.revocationLists.length >= mostRevocationLists) gathered.tooMany = true;
    else gathered.revocationLists.push({ from, pem: block.pem });
  } else {
    complain(problem("pem-wrong-box", { found: block.kind, belongs: "none" }), read);
  }
}

function complain(trouble: Problem, read: Reading): void {
  // One file can hold as many broken blocks as it likes.
  if (read.gathered.problems.length >= 20) return;
  const file = read.from === "" ? {} : { file: read.from };
  read.gathered.problems.push({ ...trouble, facts: { ...trouble.facts, ...file } });
}

function foreignKey(text: string): Problem | undefined {
  if (/^\s*PuTTY-User-Key-File-\d/.test(text)) return problem("key-format-unsupported", { format: "PuTTY" });
  if (/^\s*(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ AAAA/.test(text))
    return problem("pem-wrong-box", { found: "public-key", belongs: "none" });
  return undefined;
}

/** A Java key store begins with FEEDFEED or CECECECE; anything else is just not known. */
function unreadable(bytes: Uint8Array, from: string): Problem {
  const magic = Buffer.from(bytes.subarray(0, 4)).toString("hex");
  const facts = from === "" ? {} : { file: from };
  if (magic === "feedfeed" || magic === "cececece")
    return problem("key-format-unsupported", { ...facts, format: "JKS" });
  // The copy of something binary that stopped early says that there is more of it.
  const cut = bytes[0] === 0x30 && (bytes[1] ?? 0) > 0x80 && readElement(bytes) === undefined;
  if (cut) return problem("pem-truncated", { ...facts, cause: "short" });
  // Told as in the boxes themselves, whatever the kind.
  const told = pemTextProblem("ca", textOfBytes(bytes) ?? "");
  return problem(told?.code ?? "pem-not-a-certificate", { ...facts, ...told?.facts });
}

/** Base64 whatever happened to its lines, as to those of PEM, and the figures that databases and dumps show. */
function fromBase64(text: string): Uint8Array | undefined {
  const bare = plainPem(text)
    .replace(/^\s*data:[\w./+-]*;base64,/, "")
    .replace(/^[>|\s]+/gm, "")
    .replace(/[\s"'\\,;]/g, "");
  const figures = bare.replace(/^(?:\\?x|0x)/i, "").replaceAll(":", "");
  if (/^30(?:[\da-f]{2}){20,}$/i.test(figures)) return Buffer.from(figures, "hex");
  return bare.length >= 40 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(bare) ? Buffer.from(bare, "base64") : undefined;
}

function bytesOf(block: PemBlock): Uint8Array {
  return Buffer.from(block.pem.split("\n").slice(1, -2).join(""), "base64");
}

function framed(label: string, der: Uint8Array): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`;
}
