/**
 * An id that nobody can guess: 16 random bytes in base64url (RFC 4648, 5), 22 letters. For browser and server alike:
 * `crypto.randomUUID` is missing on pages over plain http.
 */
export function randomId(): string {
  return argumentOf(16);
}

/** A short one, for what is told apart from a few others: 8 random bytes, 11 letters. */
export function shortId(): string {
  return argumentOf(8);
}

/** The form of a `randomId`, for the doors that take one from a browser. Older ones may begin with a hyphen. */
export const randomIdForm = /^[A-Za-z0-9_-]{22}$/;

/** People give ids to commands, where one that begins with a hyphen is an option: of 64 one would be. */
function argumentOf(size: number): string {
  for (;;) {
    const id = base64url(crypto.getRandomValues(new Uint8Array(size)));
    if (!id.startsWith("-")) return id;
  }
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
