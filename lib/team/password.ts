import "server-only";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { Secret } from "#lib/secret.ts";

/** log2 N, r and p of scrypt: 64 MiB and about 0.35 s. */
interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const currentCost: Cost = { ln: 16, r: 8, p: 2 };
const saltBytes = 16;
const hashBytes = 32;

/**
 * Hashes a password with scrypt (RFC 7914) at N=2^16 r=8 p=2.
 * @returns a PHC string, `$scrypt$ln=16,r=8,p=2$<salt>$<hash>` in unpadded base64. It is a secret: it can be guessed at offline.
 */
export async function hashPassword(password: Secret): Promise<Secret> {
  const salt = randomBytes(saltBytes);
  return new Secret(phcString(currentCost, salt, await derive(password, salt, currentCost, hashBytes)));
}

/** What a check found: whether it fits, and whether the hash was made with weaker settings than today's. */
export interface PasswordCheck {
  readonly fits: boolean;
  readonly outdated: boolean;
}

/**
 * Checks a password against its stored hash, in constant time over the hash.
 *
 * Without a hash (no such user) the same work is done for nothing, so that the time does not tell names apart.
 * A hash that cannot be read, or whose cost is outside 2^15..2^20, never fits.
 */
export async function checkPassword(password: Secret, stored: Secret | undefined): Promise<PasswordCheck> {
  const parts = stored === undefined ? undefined : readPhcString(stored.reveal());
  if (parts === undefined) {
    await derive(password, nobodysSalt, currentCost, hashBytes);
    return { fits: false, outdated: false };
  }
  const found = await derive(password, parts.salt, parts.cost, parts.hash.length);
  const { ln, r, p } = parts.cost;
  const outdated =
    ln < currentCost.ln || r * p < currentCost.r * currentCost.p || parts.hash.length < hashBytes;
  return { fits: timingSafeEqual(found, parts.hash), outdated };
}

const nobodysSalt = Buffer.alloc(saltBytes, "nobody");

function phcString({ ln, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  const unpadded = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function readPhcString(text: string): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/.exec(text);
  if (match === null) return undefined;
  const cost = { ln: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  // A stored cost is data: one from a tampered file must not take gigabytes, nor make guessing cheap.
  if (cost.ln < 15 || cost.ln > 20 || cost.r !== 8 || cost.p < 1 || cost.p > 4) return undefined;
  return { cost, salt: Buffer.from(match[4] ?? "", "base64"), hash: Buffer.from(match[5] ?? "", "base64") };
}

/** Runs scrypt off the main thread, at most two at once: each takes a pool thread and 64 MiB. */
async function derive(password: Secret, salt: Buffer, cost: Cost, length: number): Promise<Buffer> {
  await turn();
  try {
    const N = 2 ** cost.ln;
    // Node's default limit of 32 MiB makes such a cost throw.
    const maxmem = 128 * cost.r * (N + cost.p + 2) + 1024 * 1024;
    // The same characters typed on two keyboards may arrive composed or decomposed (RFC 8265).
    const text = password.reveal().normalize("NFC");
    return await new Promise((resolve, reject) => {
      scrypt(text, salt, length, { N, r: cost.r, p: cost.p, maxmem }, (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    });
  } finally {
    done();
  }
}

const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function turn(): Promise<void> {
  if (running < atOnce) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function done(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}
