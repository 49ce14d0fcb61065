import "server-only";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { Secret } from "#lib/secret.ts";
import type { Store, StoredNote } from "#lib/vault/store.ts";
import { Bucket } from "./bucket.ts";

/** How long a token is good for, in milliseconds. */
export const setupTokenLifetime = 60 * 60_000;

export type SetupTokenCheck =
  | { readonly outcome: "right" | "wrong" | "expired" }
  /** Too many tries: whole seconds until the next is taken. */
  | { readonly outcome: "too-many"; readonly retryAfter: number };

/** The one-time token that lets the first person become the owner. It lies where only who runs the console can read it. */
export interface SetupToken {
  /** Where a person on the host finds it. */
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
 * @param store  keeps it as the note `setup-token`
 * @param clocks `now`: milliseconds since 1970, compared with the note's time; `steady`: one that only goes forward
 */
export function setupToken(
  store: Pick<Store, "note">,
  { now = Date.now, steady = () => performance.now() }: { now?: () => number; steady?: () => number } = {},
): SetupToken {
  const note = store.note(noteName);
  const tries = new Bucket(steady, 5, 5 / 60);

  const isOver = async () => {
    const found = await readToken(note);
    return found === undefined || isPast(found.writtenAt, now());
  };
  const renew = () => note.write(`${base32(randomBytes(20))}\n`);

  return {
    path: note.place,
    renew,

    async renewIfOver() {
      const over = await isOver();
      if (over) await renew();
      return over;
    },

    async check(given) {
      const pause = tries.pause();
      if (pause > 0) return { outcome: "too-many", retryAfter: Math.ceil(pause / 1000) };
      tries.take();
      const found = await readToken(note);
      if (found === undefined) return { outcome: "expired" };
      const fits = timingSafeEqual(sha256(given.reveal().trim()), sha256(found.token.reveal()));
      if (!fits) return { outcome: "wrong" };
      // Whoever has the token may take as many looks at the rules for a password as they need.
      tries.putBack();
      return { outcome: isPast(found.writtenAt, now()) ? "expired" : "right" };
    },

    async remove() {
      await note.take();
    },
  };
}

/** Reads the token for a link on the terminal; undefined when there is none. */
export async function readSetupToken(store: Pick<Store, "note">): Promise<Secret | undefined> {
  return (await readToken(store.note(noteName)))?.token;
}

const noteName = "setup-token";

/** What lies in the future, from a clock that was wrong, is as good as past. */
function isPast(writtenAt: number, now: number): boolean {
  return now - writtenAt > setupTokenLifetime || writtenAt - now > clockSlack;
}

/** So far a clock may be put back, to be right again. */
const clockSlack = 5 * 60_000;

async function readToken(note: StoredNote): Promise<{ token: Secret; writtenAt: number } | undefined> {
  const found = await note.read();
  const text = found?.text.trim() ?? "";
  if (found === undefined || !/^[a-z2-7]{32}$/.test(text)) return undefined;
  return { token: new Secret(text), writtenAt: found.writtenAt };
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
