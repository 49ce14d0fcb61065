import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Secret } from "#lib/secret.ts";
import type { Store, StoredNote } from "#lib/vault/store.ts";
import type { SpentTokens } from "./spent-tokens.ts";

/** How long a link is good for, in milliseconds. */
export const signInLinkLifetime = 12 * 60 * 60_000;

/**
 * Makes the token of a link that signs one user in once. Whoever may write to the console's store may do this: it is
 * how the demo opens the door. Only the token's hash is kept, as a note; an older link stops working.
 *
 * @param store    the console's store
 * @param userName the user to sign in
 * @returns the token, for `/login#token=<token>`
 */
export async function createSignInLink(
  store: Pick<Store, "note">,
  userName: string,
  now = Date.now(),
): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const link: Link = {
    user: userName,
    sha256: sha256(token).toString("base64url"),
    until: now + signInLinkLifetime,
  };
  await store.note(noteName).write(JSON.stringify(link));
  return token;
}

/**
 * Takes a link's token, once, whichever console is asked, and also where the note is put back afterwards.
 * @returns the user's name, or undefined: no link was made, another token, past its time, or already used
 */
export async function takeSignInLink(
  { store, spentTokens }: { readonly store: Pick<Store, "note">; readonly spentTokens: SpentTokens },
  token: Secret,
  now = Date.now(),
): Promise<Result<string | undefined>> {
  const note = store.note(noteName);
  const link = await readLink(note);
  if (link === undefined || isOver(link, now)) return ok(undefined);
  if (!timingSafeEqual(sha256(token.reveal()), Buffer.from(link.sha256, "base64url"))) return ok(undefined);
  // The mark first: where it cannot be written the link stays what it is.
  const spent = await spentTokens.spend(link.sha256, link.until);
  if (!spent.ok) return spent;
  await note.take();
  return ok(spent.value ? link.user : undefined);
}

/** Takes away a link that nobody used in its time: nothing else would. */
export async function dropOldSignInLink(store: Pick<Store, "note">, now = Date.now()): Promise<void> {
  const note = store.note(noteName);
  const found = await note.read();
  if (found === undefined) return;
  const link = await readLink(note);
  if (link === undefined || isOver(link, now)) await note.take();
}

/** One that would be good for longer than any is from a clock that was wrong. */
function isOver(link: Link, now: number): boolean {
  return now > link.until || link.until - now > signInLinkLifetime + clockSlack;
}

/** So far a clock may be put back, to be right again. */
const clockSlack = 5 * 60_000;

const noteName = "sign-in-link.json";

const linkNote = z.strictObject({
  user: z.string(),
  sha256: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  until: z.number(),
});
type Link = z.infer<typeof linkNote>;

async function readLink(note: StoredNote): Promise<Link | undefined> {
  const found = await note.read();
  if (found === undefined) return undefined;
  try {
    return linkNote.safeParse(JSON.parse(found.text)).data;
  } catch {
    return undefined;
  }
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
