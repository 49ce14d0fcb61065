/**
 * An id that nobody can guess: 16 random bytes in base64url (RFC 4648, 5), 22 letters. For browser and server alike:
 * `crypto.randomUUID` is missing on pages over plain http.
 */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The form of such an id, for the doors that take one from a browser. */
export const randomIdForm = /^[A-Za-z0-9_-]{22}$/;
