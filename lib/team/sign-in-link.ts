import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Secret } from "#lib/secret.ts";

/** How long a link is good for, in milliseconds. */
export const signInLinkLifetime = 12 * 60 * 60_000;

/**
 * Makes the token of a link that signs one user in once. Whoever may write the state directory may do this: it is
 * how the demo opens the door. Only the token's hash is kept, in a file that only this user can read; an older
 * link stops working.
 *
 * @param stateDir the console's state directory
 * @param userName the user to sign in
 * @returns the token, for `/login#token=<token>`
 */
export async function createSignInLink(
  stateDir: string,
  userName: string,
  now = Date.now(),
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const temporary = join(stateDir, `${fileName}.${randomBytes(8).toString("hex")}.tmp`);
  const file = await open(temporary, "wx", 0o600);
  try {
    const link: Link = {
      user: userName,
      sha256: sha256(token).toString("base64url"),
      until: now + signInLinkLifetime,
    };
    await file.writeFile(JSON.stringify(link));
  } finally {
    await file.close();
  }
  await rename(temporary, join(stateDir, fileName));
  return token;
}

/**
 * Takes a link's token, once.
 * @returns the user's name, or undefined: no link was made, another token, past its time, or already used
 */
export async function takeSignInLink(
  stateDir: string,
  token: Secret,
  now = Date.now(),
): Promise<string | undefined> {
  const path = join(stateDir, fileName);
  const link = await readLink(path);
  if (link === undefined || now > link.until) return undefined;
  if (!timingSafeEqual(sha256(token.reveal()), Buffer.from(link.sha256, "base64url"))) return undefined;
  // Of two that come at once only one can move the file away.
  const taken = `${path}.${randomBytes(8).toString("hex")}.taken`;
  const mine = await rename(path, taken).then(
    () => true,
    () => false,
  );
  await rm(taken, { force: true });
  return mine ? link.user : undefined;
}

const fileName = "sign-in-link.json";

const linkFile = z.strictObject({
  user: z.string(),
  sha256: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  until: z.number(),
});
type Link = z.infer<typeof linkFile>;

async function readLink(path: string): Promise<Link | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return linkFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
