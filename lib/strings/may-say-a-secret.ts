/**
 * Whether a parameter of no known meaning should be shown without its value: a misspelt `pasword`, or a text that
 * was cut at the wrong place and has a password inside.
 */
export function maySayASecret(name: string, value: string): boolean {
  if (/pass?w|pwd|psw|secret|token|key|auth|cred/i.test(name) || /@|pass|pwd/i.test(value)) return true;
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return secretWords.some((word) => isNear(plain, word));
}

/** Whether a file's name, or a word, holds signs that come from a text cut at the wrong place. */
export function looksCut(value: string): boolean {
  return /[=;&'"`\n\r@{}]|pass|pwd|secret/i.test(value) || value.length > 300;
}

const secretWords = ["password", "passwd", "passphrase", "pass", "pwd", "sslpassword", "keypassphrase"];

/** Whether a word becomes the other by a few letters put in, taken out or changed. */
function isNear(word: string, other: string): boolean {
  const most = other.length > 5 ? 2 : 1;
  if (Math.abs(word.length - other.length) > most) return false;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= word.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (word[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return (row[other.length] ?? 0) <= most;
}
