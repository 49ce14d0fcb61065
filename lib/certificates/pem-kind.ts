/** The boxes of the form that take certificates and keys by content. */
export const materialBoxes = ["ca", "clientCertificate", "clientKey", "crl"] as const;
export type MaterialBox = (typeof materialBoxes)[number];

export type PemKind =
  | "certificate"
  | "private-key"
  | "public-key"
  | "certificate-request"
  | "crl"
  | "pkcs7"
  | "parameters"
  | "unknown";

/** One `-----BEGIN … -----END` block, as far as its text tells. */
export interface PemBlock {
  /** The words after BEGIN: `RSA PRIVATE KEY`. */
  readonly label: string;
  readonly kind: PemKind;
  /** A private key that needs a passphrase. Always false for anything else. */
  readonly encrypted: boolean;
  /** Whether it can be whole: `cut` misses its end, `garbled` holds what is not base64. */
  readonly state: "whole" | "cut" | "garbled";
  /** The block in canonical form: LF, 64 columns, one newline at the end. */
  readonly pem: string;
}

/** A mistake that the text alone shows: a code of the catalogue (all of them of the step `input`) and what was seen. */
export interface PemTextProblem {
  readonly code:
    | "pem-not-a-certificate"
    | "pem-truncated"
    | "pem-wrong-box"
    | "key-unreadable"
    | "key-format-unsupported"
    | "crl-unreadable"
    | "setting-invalid";
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Larger than any published bundle of roots (Mozilla's has about 145, Amazon RDS's about 120). */
export const mostBlocks = 400;

/**
 * The same certificates and keys, one clean PEM block after the other. A byte-order mark, CRLF, indentation,
 * quotes, literal `\n`, text around the blocks and PEM on one line are taken in stride, because Node and OpenSSL
 * skip what they cannot read without a word. Text that is clean already, or that holds no block, comes back as
 * it was.
 */
export function normalisePem(text: string): string {
  const blocks = pemBlocks(text);
  if (blocks.length === 0 || blocks.length > mostBlocks) return text;
  if (blocks.some((block) => block.state !== "whole")) return text;
  const clean = blocks.map((block) => block.pem).join("");
  return clean.trimEnd() === text.trimEnd() ? text : clean;
}

/** Whether two texts hold the same blocks, however they are laid out. */
export function samePem(one: string | undefined, other: string | undefined): boolean {
  return normalisePem(one ?? "").trim() === normalisePem(other ?? "").trim();
}

/**
 * Every block in the text, in its order, broken ones included. Reads the text only: no cryptography. Of a text with
 * more than `mostBlocks`, which nobody takes, one more than that comes back: enough to tell.
 */
export function pemBlocks(text: string): readonly PemBlock[] {
  const plain = unescaped(text);
  const begins = [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----/g)];
  return begins.slice(0, mostBlocks + 1).map((begin, index) => {
    const from = begin.index + begin[0].length;
    return block(begin[1] ?? "", plain.slice(from, begins[index + 1]?.index ?? plain.length));
  });
}

/** Whether the text holds a private key that needs a passphrase (C7); known as soon as it is pasted. */
export function keyIsEncrypted(text: string): boolean {
  return pemBlocks(text).some((block) => block.encrypted);
}

/** Whether the text holds a private key of any form. Such text belongs in no box but the key's. */
export function holdsPrivateKey(text: string): boolean {
  return pemBlocks(text).some((block) => block.kind === "private-key") || isPutty(text);
}

/**
 * Sorts a bundle into the boxes where its blocks belong: the key, the certificates (beside the key when there is
 * one, else as CA certificates) and the revocation lists. Boxes without a block are absent.
 */
export function splitPem(text: string): Partial<Record<MaterialBox, string>> {
  const blocks = pemBlocks(text).filter((block) => block.state === "whole");
  const withKey = blocks.some((block) => block.kind === "private-key");
  const boxes: Partial<Record<MaterialBox, string>> = {};
  for (const one of blocks) {
    const box = one.kind === "certificate" ? (withKey ? "clientCertificate" : "ca") : homeOf(one.kind);
    if (box !== undefined) boxes[box] = (boxes[box] ?? "") + one.pem;
  }
  return boxes;
}

/**
 * What is wrong with the text of a box, as far as text tells; undefined when it may be good, or empty.
 * @param box  the box that it was given in
 * @param text what was pasted or read from a file
 */
export function pemTextProblem(box: MaterialBox, text: string): PemTextProblem | undefined {
  return pemTextProblems(box, text)[0];
}

/** The same, every mistake: at most one a block, in the blocks' order, with the block's number as a fact. */
export function pemTextProblems(box: MaterialBox, text: string): readonly PemTextProblem[] {
  if (text.trim() === "") return [];
  const blocks = pemBlocks(text);
  if (blocks.length === 0) return [noBlock(box, text)];
  if (blocks.length > mostBlocks) {
    return [{ code: "setting-invalid", facts: { reason: "too-many-certificates", most: mostBlocks } }];
  }
  return blocks.flatMap((one, index) => {
    const found = blockProblem(box, one, blocks);
    const place = { block: index + 1, blocks: blocks.length };
    return found ? [{ code: found.code, facts: { ...found.facts, ...place } }] : [];
  });
}

/** Undoes what editors, spreadsheets and environment files do to PEM. None of these signs occurs in base64. */
function unescaped(text: string): string {
  return text
    .replace(/\\r|\r/g, "")
    .replace(/\\n/g, "\n")
    .replace(/\\\//g, "/")
    .replace(/[\u00a0\u2007\u202f]/g, " ")
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "");
}

function block(label: string, rest: string): PemBlock {
  const end = rest.indexOf(`-----END ${label}-----`);
  const inside = end === -1 ? rest : rest.slice(0, end);
  const dek = /DEK-Info:\s*([A-Za-z0-9-]+),\s*([0-9A-Fa-f]+)/.exec(inside);
  const locked = /Proc-Type:\s*4\s*,\s*ENCRYPTED/.test(inside);
  const base64 = inside
    .replace(/Proc-Type:\s*4\s*,\s*ENCRYPTED/, "")
    .replace(/DEK-Info:\s*[A-Za-z0-9-]+,\s*[0-9A-Fa-f]+/, "")
    .replace(/^[A-Za-z][A-Za-z0-9-]*:.*$/gm, "")
    .replace(/[\s"'\\]/g, "");
  const kind = kindOf(label);
  const encrypted = kind === "private-key" && (locked || label === "ENCRYPTED PRIVATE KEY");
  const headers =
    locked && dek ? `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${dek[1]},${dek[2]?.toUpperCase()}\n\n` : "";
  const lines = base64.match(/.{1,64}/g) ?? [];
  return {
    label,
    kind,
    encrypted,
    state: stateOf(base64, end !== -1, !locked && label !== "OPENSSH PRIVATE KEY"),
    pem: `-----BEGIN ${label}-----\n${headers}${lines.map((line) => `${line}\n`).join("")}-----END ${label}-----\n`,
  };
}

function kindOf(label: string): PemKind {
  if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(label)) return "certificate";
  if (label.endsWith("PRIVATE KEY")) return "private-key";
  if (label.endsWith("PUBLIC KEY")) return "public-key";
  if (label.endsWith("CERTIFICATE REQUEST")) return "certificate-request";
  if (label === "X509 CRL") return "crl";
  if (label === "PKCS7" || label === "CMS") return "pkcs7";
  if (label.endsWith("PARAMETERS")) return "parameters";
  return "unknown";
}

function stateOf(base64: string, ended: boolean, isDer: boolean): PemBlock["state"] {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return "garbled";
  if (!ended || base64.length === 0 || base64.length % 4 !== 0) return "cut";
  if (!isDer) return "whole";
  // All of these are a SEQUENCE (X.690, 8.9), whose first base64 sign is therefore an M.
  if (!base64.startsWith("M")) return "garbled";
  return bytesIn(base64) < derLength(base64) ? "cut" : "whole";
}

function bytesIn(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}

/** How many bytes the outermost DER element claims to have, header included; 0 when it does not say (X.690, 8.1.3). */
function derLength(base64: string): number {
  const head = atob(base64.slice(0, 8));
  const first = head.charCodeAt(1);
  if (head.length < 2 || first < 0x80) return head.length < 2 ? 0 : first + 2;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || head.length < 2 + octets) return 0;
  let length = 0;
  for (let at = 0; at < octets; at += 1) length = length * 256 + head.charCodeAt(2 + at);
  return length + 2 + octets;
}

function noBlock(box: MaterialBox, text: string): PemTextProblem {
  if (box === "clientKey" && isPutty(text))
    return { code: "key-format-unsupported", facts: { format: "PuTTY" } };
  if (isPutty(text)) return wrongBox("private-key", "clientKey");
  if (/^\s*(ssh|ecdsa)-[a-z0-9@.-]+ AAAA/.test(text)) return wrongBox("public-key", "none");
  if (/-----END |BEGIN [A-Z0-9 ]{1,40}-|-----BEGIN/.test(text)) return { code: "pem-truncated", facts: {} };
  return { code: unreadable(box), facts: {} };
}

function blockProblem(box: MaterialBox, one: PemBlock, all: readonly PemBlock[]): PemTextProblem | undefined {
  const stray = one.kind === "certificate" && box === "clientKey" && hasKey(all);
  if (one.kind === "parameters" && box === "clientKey" && hasKey(all)) return undefined;
  if (!stray && !fits(box, one.kind)) {
    const home = one.kind === "certificate" ? (box === "crl" ? "ca" : "clientCertificate") : homeOf(one.kind);
    return wrongBox(one.kind, home ?? "none");
  }
  if (one.label === "OPENSSH PRIVATE KEY" || one.label.startsWith("SSH2 ")) {
    return { code: "key-format-unsupported", facts: { format: "OpenSSH" } };
  }
  if (one.state === "cut") return { code: "pem-truncated", facts: {} };
  if (one.state === "garbled") return { code: unreadable(box), facts: {} };
  return undefined;
}

function hasKey(blocks: readonly PemBlock[]): boolean {
  return blocks.some((block) => block.kind === "private-key");
}

function fits(box: MaterialBox, kind: PemKind): boolean {
  if (box === "clientKey") return kind === "private-key";
  if (box === "crl") return kind === "crl";
  return kind === "certificate";
}

function homeOf(kind: PemKind): MaterialBox | undefined {
  if (kind === "private-key") return "clientKey";
  return kind === "crl" ? "crl" : undefined;
}

function wrongBox(found: PemKind, belongs: MaterialBox | "none"): PemTextProblem {
  return { code: "pem-wrong-box", facts: { found, belongs } };
}

function unreadable(box: MaterialBox): PemTextProblem["code"] {
  if (box === "clientKey") return "key-unreadable";
  return box === "crl" ? "crl-unreadable" : "pem-not-a-certificate";
}

function isPutty(text: string): boolean {
  return /^\s*PuTTY-User-Key-File-\d/.test(text);
}
