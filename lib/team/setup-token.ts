import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "#lib/secret.ts";
import { Bucket } from "./bucket.ts";

/** How long a token is good for, in milliseconds. */
export const setupTokenLifetime = 60 * 60_000;

export type SetupTokenCheck =
  | { readonly outcome: "right" | "wrong" | "expired" }
  /** Too many tries: whole seconds until the next is taken. */
  | { readonly outcome: "too-many"; readonly retryAfter: number };

/** The one-time token that lets the first person become the owner. It lies in a file only this user can read. */
export interface SetupToken {
  readonly path: string;
  /** Writes a new token in place of any older one. */
  renew(): Promise<void>;
  /** Writes a new token if there is none or it is past its time; true when it did. */
  renewIfOver(): Promise<boolean>;
  /** Compares in constant time; five wrong tries a minute. */
  check(given: Secret): Promise<SetupTokenCheck>;
  remove(): Promise<void>;
}

/**
 * @param stateDir where the file `setup-token` is kept
 * @param clocks `now`: milliseconds since 1970, compared with the file's time; `steady`: one that only goes forward
 */
export function setupToken(
  stateDir: string,
  { now = Date.now, steady = () => performance.now() }: { now?: () => number; steady?: () => number } = {},
): SetupToken {
  const path = setupTokenPath(stateDir);
  const tries = new Bucket(steady, 5, 5 / 60);

  const isOver = async () => {
    const found = await readToken(path);
    return found === undefined || isPast(found.writtenAt, now());
  };

  return {
    path,
    renew: () => writeToken(stateDir, path),

    async renewIfOver() {
      const over = await isOver();
      if (over) await writeToken(stateDir, path);
      return over;
    },

    async check(given) {
      const pause = tries.pause();
      if (pause > 0) return { outcome: "too-many", retryAfter: Math.ceil(pause / 1000) };
      tries.take();
      const found = await readToken(path);
      if (found === undefined) return { outcome: "expired" };
      const fits = timingSafeEqual(sha256(given.reveal().trim()), sha256(found.token.reveal()));
      if (!fits) return { outcome: "wrong" };
      // Whoever has the token may take as many looks at the rules for a password as they need.
      tries.putBack();
      return { outcome: isPast(found.writtenAt, now()) ? "expired" : "right" };
    },

    remove: () => rm(path, { force: true }),
  };
}

/** Where the token lies, for whoever prints a link that carries it. */
export function setupTokenPath(stateDir: string): string {
  return join(stateDir, "setup-token");
}

/** Reads the token for a link on the terminal; undefined when there is none. */
export async function readSetupToken(stateDir: string): Promise<Secret | undefined> {
  return (await readToken(setupTokenPath(stateDir)))?.token;
}

/** A time far in the future (a clock that was set back) is as good as past. */
function isPast(writtenAt: number, now: number): boolean {
  return Math.abs(now - writtenAt) > setupTokenLifetime;
}

async function readToken(path: string): Promise<{ token: Secret; writtenAt: number } | undefined> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { mtimeMs, size } = await file.stat();
    const text = size > 1024 ? "" : (await file.readFile("utf8")).trim();
    return /^[a-z2-7]{32}$/.test(text) ? { token: new Secret(text), writtenAt: mtimeMs } : undefined;
  } finally {
    await file.close();
  }
}

async function writeToken(stateDir: string, path: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  // "wx" does not follow a link and does not take over a file that somebody put there.
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${base32(randomBytes(20))}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** RFC 4648 base32 in lower case: 160 bits in 32 characters that one double click selects. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{5}/g) ?? [])
    .map((five) => "abcdefghijklmnopqrstuvwxyz234567"[Number.parseInt(five, 2)])
    .join("");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
