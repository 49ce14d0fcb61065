import "server-only";
import { createCipheriv, createDecipheriv, randomBytes, scrypt, webcrypto } from "node:crypto";
import {
  armor,
  Decrypter,
  Encrypter,
  type Identity,
  identityToRecipient,
  type Recipient,
  Stanza,
} from "age-encryption";
import { deriveInTurn } from "#lib/certificates/request-budget.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import { type PasswordFlaw, passwordFlaw } from "#lib/team/password-rules.ts";

/** What opens a sealed file. */
export interface AgeKeys {
  readonly passphrase?: Secret | undefined;
  /** X25519, as `identityOf` makes it. */
  readonly identity?: webcrypto.CryptoKey;
}

/** For whom a file is sealed: whoever knows a passphrase, or the holders of keys (`age1…`). */
export type AgeTarget = { readonly passphrase: Secret } | { readonly recipients: readonly string[] };

/**
 * Seals a text as one age file (age-encryption.org/v1), in letters, so that it can be pasted and mailed; `age -d` opens it.
 * @param logN log2 of scrypt's N for a passphrase: 18 is what age itself takes, a second and 256 MiB
 * @returns `setting-invalid` of `recipient` for one that is none
 */
export async function sealAge(
  text: string,
  target: AgeTarget,
  logN: number = usualLogN,
): Promise<Result<string>> {
  const encrypter = new Encrypter();
  if ("passphrase" in target) encrypter.addRecipient(byPassphrase(target.passphrase, logN));
  else {
    for (const recipient of target.recipients) {
      if (!isRecipient(recipient)) return failed(problem("setting-invalid", { field: "recipient" }));
      try {
        encrypter.addRecipient(recipient);
      } catch {
        // Its checksum does not fit: a letter was lost.
        return failed(problem("setting-invalid", { field: "recipient" }));
      }
    }
  }
  return ok(armor.encode(await encrypter.encrypt(text)));
}

/** Why a passphrase is too weak for a file that anybody may guess at; words: `access.password.<flaw>`. */
export function passphraseFlaw(passphrase: Secret): PasswordFlaw | undefined {
  return passwordFlaw(passphrase.reveal(), "");
}

/** Whether a text looks like an age key that files can be sealed to; its checksum is looked at when it is used. */
export function isRecipient(text: string): boolean {
  return /^age1[02-9ac-hj-np-z]{58}$/.test(text);
}

/** Whether bytes are an age file, in letters or not. */
export function isAge(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1").trimStart();
  return start.startsWith(intro) || start.startsWith(armorIntro);
}

/**
 * Opens an age file.
 * @returns `import-locked` with `reason`: `passphrase-missing`, `passphrase-wrong`, `other-recipient` or `too-costly`;
 *   `import-unreadable` { reason: "damaged" } for one that is cut off or changed
 */
export async function openAge(bytes: Uint8Array, keys: AgeKeys): Promise<Result<Buffer>> {
  try {
    const file = binaryOf(bytes);
    const head = file.subarray(0, longestHead).toString("latin1");
    // Every line of the head may cost work.
    if (!head.includes("\n--- ")) return damaged();
    const decrypter = new Decrypter();
    decrypter.addIdentity(ofPassphrase(keys.passphrase));
    if (keys.identity) decrypter.addIdentity(keys.identity);
    return ok(Buffer.from(await decrypter.decrypt(file)));
  } catch (error) {
    if (error instanceof Locked) return failed(problem("import-locked", { reason: error.reason }));
    if (error instanceof Error && error.message.startsWith("no identity matched"))
      return failed(problem("import-locked", { reason: "other-recipient" }));
    return damaged();
  }
}

/** An age identity of 32 random bytes, which stay in this process. */
export async function identityOf(bytes: Uint8Array): Promise<webcrypto.CryptoKey> {
  const pkcs8 = Buffer.concat([pkcs8Prefix, bytes]);
  return webcrypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, false, ["deriveBits"]);
}

/** The `age1…` that others seal to. */
export async function recipientOf(identity: webcrypto.CryptoKey): Promise<string> {
  return identityToRecipient(identity);
}

const intro = "age-encryption.org/v1";
const armorIntro = "-----BEGIN AGE ENCRYPTED FILE-----";

/** Some hundred recipients. */
const longestHead = 65_536;

const usualLogN = 18;
/** As age writes it, and 256 MiB. */
const mostLogN = 18;

/** PKCS#8 of an X25519 key, up to its 32 bytes (RFC 8410). */
const pkcs8Prefix = Buffer.from("302e020100300506032b656e04220420", "hex");

class Locked extends Error {
  readonly reason: "passphrase-missing" | "passphrase-wrong" | "too-costly";

  constructor(reason: Locked["reason"]) {
    super(reason);
    this.reason = reason;
  }
}

function damaged() {
  return failed(problem("import-unreadable", { reason: "damaged" }));
}

function binaryOf(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.subarray(0, 200).toString("latin1").trimStart().startsWith(armorIntro)) return text;
  return Buffer.from(armor.decode(text.toString("latin1").trim().replaceAll("\r\n", "\n")));
}

/**
 * The scrypt recipient of age. Its own one derives on the thread that answers everybody, for a second; this one does not.
 */
function byPassphrase(passphrase: Secret, logN: number): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const key = await derive(passphrase, salt, logN);
      const cipher = createCipheriv("chacha20-poly1305", key, noNonce, { authTagLength: 16 });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(["scrypt", unpadded(salt), String(logN)], new Uint8Array(body))];
    },
  };
}

/** The same the other way. A file that is sealed to keys is none of its business. */
function ofPassphrase(passphrase: Secret | undefined): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === "scrypt");
      if (stanza === undefined) return null;
      const [, salt = "", logN = "", ...more] = stanza.args;
      const isWhole = stanzas.length === 1 && more.length === 0 && stanza.body.length === 32;
      if (!isWhole || !/^[A-Za-z0-9+/]{22}$/.test(salt) || !/^[1-9]\d*$/.test(logN))
        throw new Error("malformed");
      if (Number(logN) > mostLogN) throw new Locked("too-costly");
      if (passphrase === undefined || passphrase.isEmpty) throw new Locked("passphrase-missing");
      const key = await derive(passphrase, Buffer.from(salt, "base64"), Number(logN));
      const decipher = createDecipheriv("chacha20-poly1305", key, noNonce, { authTagLength: 16 });
      decipher.setAuthTag(stanza.body.subarray(16));
      try {
        const opened = Buffer.concat([decipher.update(stanza.body.subarray(0, 16)), decipher.final()]);
        return new Uint8Array(opened);
      } catch {
        throw new Locked("passphrase-wrong");
      }
    },
  };
}

/** Each key encrypts one file key and nothing else (age's specification, "The scrypt recipient type"). */
const noNonce = Buffer.alloc(12);

/** One at a time, and not on the thread that answers. */
function derive(passphrase: Secret, salt: Buffer, logN: number): Promise<Buffer> {
  const N = 2 ** logN;
  const labelled = Buffer.concat([Buffer.from(`${intro}/scrypt`), salt]);
  const options = { N, r: 8, p: 1, maxmem: 128 * 8 * (N + 3) + 1024 * 1024 };
  return deriveInTurn(
    N,
    () =>
      new Promise((resolve, reject) => {
        scrypt(passphrase.reveal(), labelled, 32, options, (error, key) => {
          if (error === null) resolve(key);
          else reject(error);
        });
      }),
  );
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
