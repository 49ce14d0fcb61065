import "server-only";
import { problem } from "#lib/problems/problem.ts";
import type { Secret } from "#lib/secret.ts";
import { type OpenedKey, openKey, takesLongToOpen } from "./client-key.ts";
import { children, readElement } from "./der.ts";
import { decryptWithPassword } from "./password-encryption.ts";
import { type PemBlock, pemBlocks } from "./pem-kind.ts";
import type { RequestBudget } from "./request-budget.ts";

/**
 * As `openKey`, without holding the thread while the passphrase of an encrypted PKCS#8 key is turned into a key, when
 * that takes long. A derivation that the work cannot afford ends in `key-cipher-unsupported`.
 */
export async function unlockKey(
  block: PemBlock,
  password: Secret | undefined,
  budget: RequestBudget,
): Promise<OpenedKey> {
  const shut = openKey(block);
  if (shut.problem?.code !== "key-passphrase-missing" || password === undefined || password.isEmpty)
    return shut;
  if (!takesLongToOpen(block)) return openKey(block, password);
  const der = Buffer.from(block.pem.split("\n").slice(1, -2).join(""), "base64");
  const [algorithm, encrypted] = children(readElement(der));
  const decrypted = await decryptWithPassword(
    algorithm,
    encrypted?.contents ?? new Uint8Array(0),
    password,
    budget,
  );
  if (decrypted.state === "unsupported")
    return { facts: shut.facts, problem: problem("key-cipher-unsupported", { cipher: decrypted.cipher }) };
  const plain = decrypted.state === "open" ? openPlainKey(decrypted.bytes) : undefined;
  if (plain?.key === undefined) return { facts: shut.facts, problem: problem("key-passphrase-wrong") };
  const { description } = plain.facts;
  return { facts: { ...shut.facts, ...(description !== undefined && { description }) }, key: plain.key };
}

function openPlainKey(der: Uint8Array): OpenedKey | undefined {
  const base64 = Buffer.from(der).toString("base64");
  const block = pemBlocks(`-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`)[0];
  return block && openKey(block);
}
