import "server-only";
import { createDecipheriv, getCipherInfo, hash } from "node:crypto";
import { problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";
import { type OpenedKey, openKey } from "./client-key.ts";
import { children, readElement } from "./der.ts";
import { type Decrypted, decryptWithPassword } from "./password-encryption.ts";
import { type PemBlock, pemBlocks } from "./pem-kind.ts";
import { RequestBudget } from "./request-budget.ts";

/**
 * Opens the keys of one request: all of them on one budget, and each only once, however often it is asked for. No
 * derivation runs on the thread that answers requests: `createPrivateKey` and TLS are given nothing that is encrypted.
 */
export class KeyOpener {
  readonly #budget: RequestBudget;
  readonly #opened = new Map<string, Promise<OpenedKey>>();

  constructor(budget: RequestBudget = new RequestBudget()) {
    this.#budget = budget;
  }

  /** Whether nothing had to be worked for. */
  get hasWorked(): boolean {
    return !this.#budget.isWhole;
  }

  /** Between the forms of a request: lets others have the thread if this has held it for a while. */
  breathe(): Promise<void> {
    return this.#budget.yieldThread();
  }

  /** The first private key of a text; undefined where it holds none that is whole. */
  async openText(text: Secret | undefined, passphrase: Secret | undefined): Promise<OpenedKey | undefined> {
    const block = text && pemBlocks(text.reveal()).find((one) => one.kind === "private-key");
    return block?.state === "whole" ? this.open(block, passphrase) : undefined;
  }

  open(block: PemBlock, passphrase: Secret | undefined): Promise<OpenedKey> {
    const name = JSON.stringify([block.pem, passphrase?.reveal() ?? ""]);
    const opened = this.#opened.get(name) ?? unlockKey(block, passphrase, this.#budget);
    this.#opened.set(name, opened);
    return opened;
  }
}

/**
 * As `openKey`, with the passphrase of an encrypted key: `key-passphrase-wrong` when it is another one,
 * `key-cipher-unsupported` for a cipher that is not opened, `key-too-costly` for a derivation that the work cannot
 * afford.
 */
export async function unlockKey(
  block: PemBlock,
  passphrase: Secret | undefined,
  budget: RequestBudget,
): Promise<OpenedKey> {
  const shut = openKey(block);
  if (shut.problem?.code !== "key-passphrase-missing" || passphrase === undefined || passphrase.isEmpty)
    return shut;
  const dek = /DEK-Info: ([A-Za-z0-9-]+),([0-9A-F]+)/.exec(block.pem);
  const decrypted =
    dek === null
      ? await decryptPkcs8(block, passphrase, budget)
      : decryptTraditional(block, dek[1] ?? "", Buffer.from(dek[2] ?? "", "hex"), passphrase);
  if (decrypted.state === "unsupported")
    return { facts: shut.facts, problem: problem("key-cipher-unsupported", { cipher: decrypted.cipher }) };
  if (decrypted.state === "too-costly")
    return { facts: shut.facts, problem: problem("key-too-costly", { short: decrypted.short }) };
  const label = dek === null ? "PRIVATE KEY" : block.label;
  const plain = decrypted.state === "open" ? openPlainKey(label, decrypted.bytes) : undefined;
  if (plain?.key === undefined) return { facts: shut.facts, problem: problem("key-passphrase-wrong") };
  const { description } = plain.facts;
  return { facts: { ...shut.facts, ...(description !== undefined && { description }) }, key: plain.key };
}

/** An opened key as PEM that nothing has to be derived for: PKCS#8 without encryption. */
export function plainPemOf({ key }: OpenedKey): Secret | undefined {
  return key && new Secret(key.export({ type: "pkcs8", format: "pem" }).toString());
}

function decryptPkcs8(block: PemBlock, passphrase: Secret, budget: RequestBudget): Promise<Decrypted> {
  const [algorithm, encrypted] = children(readElement(bytesOf(block)));
  return decryptWithPassword(algorithm, encrypted?.contents ?? new Uint8Array(0), passphrase, budget);
}

/** OpenSSL's own encryption of PEM: one round of MD5 (EVP_BytesToKey), so it costs nothing. */
function decryptTraditional(block: PemBlock, cipher: string, iv: Buffer, passphrase: Secret): Decrypted {
  const info = getCipherInfo(cipher.toLowerCase());
  if (info?.mode !== "cbc" || iv.length !== info.ivLength) return { state: "unsupported", cipher };
  const secret = Buffer.concat([Buffer.from(passphrase.reveal(), "utf8"), iv.subarray(0, 8)]);
  let key = Buffer.alloc(0);
  for (let part = Buffer.alloc(0); key.length < info.keyLength; key = Buffer.concat([key, part]))
    part = hash("md5", Buffer.concat([part, secret]), "buffer");
  try {
    const decipher = createDecipheriv(cipher.toLowerCase(), key.subarray(0, info.keyLength), iv);
    return { state: "open", bytes: Buffer.concat([decipher.update(bytesOf(block)), decipher.final()]) };
  } catch {
    return { state: "shut" };
  }
}

function bytesOf(block: PemBlock): Buffer {
  const lines = block.pem.split("\n").slice(1, -2);
  return Buffer.from(lines.filter((line) => !line.includes(":")).join(""), "base64");
}

function openPlainKey(label: string, der: Uint8Array): OpenedKey | undefined {
  const base64 = Buffer.from(der).toString("base64");
  const block = pemBlocks(`-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`)[0];
  return block && !block.encrypted ? openKey(block) : undefined;
}
