import { derKind } from "#lib/certificates/der-kind.ts";
import { mostGivenBytes } from "#lib/certificates/sorted-facts.ts";

/**
 * The content of a file as text for a certificate or key box. Binary files (`.cer`, `.der`, a binary `.crl` or key)
 * are written as PEM; which kind it is shows in the first elements of its DER. What is no box's own kind, such as
 * PKCS#12, gets a label that no box takes.
 * @returns undefined when the file is too large
 */
export async function readChosenFile(file: File): Promise<string | undefined> {
  if (file.size > mostGivenBytes) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  return isDer(bytes) ? asPem(bytes, derKind(bytes) ?? "CERTIFICATE") : textOf(bytes);
}

/** One SEQUENCE that fills the file (X.690, 8.1.3), or a long one with something behind it. */
function isDer(bytes: Uint8Array): boolean {
  const { tag, end } = elementAt(bytes, 0);
  if (tag !== sequence || bytes.length < 8) return false;
  return end === bytes.length || ((bytes[1] ?? 0) > 0x80 && end < bytes.length);
}

/** UTF-8, or UTF-16 where a byte-order mark says so: some editors on Windows save certificates like that. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  return new TextDecoder().decode(bytes);
}

function asPem(bytes: Uint8Array, label: string): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const lines = btoa(binary).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

const sequence = 0x30;

function elementAt(bytes: Uint8Array, at: number): { tag: number; content: number; end: number } {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return { tag, content: at + 2, end: at + 2 + first };
  let length = 0;
  const count = first & 0x7f;
  for (let index = 0; index < Math.min(count, 4); index += 1) {
    length = length * 256 + (bytes[at + 2 + index] ?? 0);
  }
  return { tag, content: at + 2 + count, end: at + 2 + count + length };
}
