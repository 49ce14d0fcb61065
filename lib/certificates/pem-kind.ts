import type { MaterialBox } from "./material-boxes.ts";
import { hasFrame, type PemFrame, pemFrames } from "./pem-frames.ts";
import { blockTrouble, otherText, strangeSign } from "./pem-trouble.ts";
import { plainPem } from "./plain-pem.ts";

export type { MaterialBox };

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
  /** What is the matter with one that is not whole; the facts of its problem. */
  readonly trouble?: PemTextProblem["facts"];
  /** The block in canonical form: LF, 64 columns, one newline at the end. */
  readonly pem: string;
}

/** A mistake that the text alone shows: a code of the catalogue (all of them of the step `input`) and what was seen. */
export interface PemTextProblem {
  readonly code:
    | "pem-not-a-certificate"
    | "pem-truncated"
    | "pem-unusable"
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
 * The same certificates and keys, one clean PEM block after the other. What `plainPem` undoes, indentation, quotes,
 * text around the blocks and PEM on one line are taken in stride, because Node and OpenSSL skip what they cannot read
 * without a word. Text that is clean already, or that holds no block, comes back as
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
  return pemFrames(text, mostBlocks).flatMap((frame) => {
    const one = block(frame);
    // PEM that was written in base64 and framed once more, as happens to what Kubernetes keeps.
    const inner = one.pem.includes("\nLS0tLS1CRUdJTi") ? pemFrames(textIn(one), mostBlocks).map(block) : [];
    return inner.length === 0 ? [one] : inner;
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

function block({ label, endLabel, inside, line }: PemFrame): PemBlock {
  const dek = /DEK-Info:\s*([A-Za-z0-9-]+),\s*([0-9A-Fa-f]+)/.exec(inside);
  const locked = /Proc-Type:\s*4\s*,\s*ENCRYPTED/.test(inside);
  const body = inside
    .replace(/Proc-Type:\s*4\s*,\s*ENCRYPTED/, "")
    .replace(/DEK-Info:\s*[A-Za-z0-9-]+,\s*[0-9A-Fa-f]+/, "")
    .replace(/^[A-Za-z][A-Za-z0-9-]*:.*$/gm, "");
  const base64 = padded(body.replace(/[\s"'\\,;|[\]]/g, ""));
  const kind = kindOf(label);
  const encrypted = kind === "private-key" && (locked || label === "ENCRYPTED PRIVATE KEY");
  const headers =
    locked && dek ? `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${dek[1]},${dek[2]?.toUpperCase()}\n\n` : "";
  const lines = base64.match(/.{1,64}/g) ?? [];
  const trouble = blockTrouble({ label, endLabel, body, line }, base64, !locked && !isOpenSsh(label));
  return {
    label,
    kind,
    encrypted,
    state: trouble === undefined ? "whole" : trouble.cut ? "cut" : "garbled",
    ...(trouble && { trouble: trouble.facts }),
    pem: `-----BEGIN ${label}-----\n${headers}${lines.map((one) => `${one}\n`).join("")}-----END ${label}-----\n`,
  };
}

/** Environment files, shells and mails lose the signs at the end that only fill up. */
function padded(base64: string): string {
  const bare = base64.replace(/=+$/, "");
  return bare.padEnd(Math.ceil(bare.length / 4) * 4 - (bare.length % 4 === 1 ? 3 : 0), "=");
}

function isOpenSsh(label: string): boolean {
  return label === "OPENSSH PRIVATE KEY";
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

function textIn({ pem }: PemBlock): string {
  try {
    return atob(pem.split("\n").slice(1, -2).join(""));
  } catch {
    return "";
  }
}

function noBlock(box: MaterialBox, text: string): PemTextProblem {
  if (box === "clientKey" && isPutty(text))
    return { code: "key-format-unsupported", facts: { format: "PuTTY" } };
  if (isPutty(text)) return wrongBox("private-key", "clientKey");
  if (/^\s*(ssh|ecdsa)-[a-z0-9@.-]+ AAAA/.test(text)) return wrongBox("public-key", "none");
  const frame = hasFrame(text);
  const strange = frame && strangeSign(plainPem(text));
  if (strange) return { code: "pem-unusable", facts: { cause: "sign", ...strange } };
  if (frame !== undefined)
    return { code: "pem-truncated", facts: { cause: frame === "end" ? "no-begin" : "no-end" } };
  const cause = otherText(text);
  return cause === undefined
    ? { code: unreadable(box), facts: {} }
    : { code: "pem-unusable", facts: { cause } };
}

function blockProblem(box: MaterialBox, one: PemBlock, all: readonly PemBlock[]): PemTextProblem | undefined {
  const stray = one.kind === "certificate" && box === "clientKey" && hasKey(all);
  if (one.kind === "parameters" && box === "clientKey" && hasKey(all)) return undefined;
  if (!stray && !fits(box, one.kind)) {
    const home = one.kind === "certificate" ? (box === "crl" ? "ca" : "clientCertificate") : homeOf(one.kind);
    return wrongBox(one.kind, home ?? "none");
  }
  if (isOpenSsh(one.label) || one.label.startsWith("SSH2 ")) {
    return { code: "key-format-unsupported", facts: { format: "OpenSSH" } };
  }
  if (one.state === "whole") return undefined;
  return { code: one.state === "cut" ? "pem-truncated" : "pem-unusable", facts: one.trouble ?? {} };
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
