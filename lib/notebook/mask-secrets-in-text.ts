/** What stands in the place of a secret. It has no sign that ends a comment, a quote or a dollar text. */
export const secretMark = "[secret]";

/**
 * A text that is not SQL, with its secrets left out: passwords of URLs and connection strings, named values, keys.
 * @param kind of a program only what stands in quotes is a value
 */
export function maskSecretsInText(text: string, kind: "prose" | "code"): string {
  let masked = text.replace(userInfo, `$1:${secretMark}@`);
  masked = masked.replace(privateKey, secretMark);
  masked = masked.replace(element, `$1${secretMark}`);
  masked = masked.replace(jsonValue, (_, before: string) => `${before}"${secretMark}"`);
  if (kind === "prose") {
    masked = masked.replace(namedValue, (_, before: string, value: string) => {
      const quote = /^['"]/.exec(value)?.[0] ?? "";
      return `${before}${quote}${secretMark}${quote}`;
    });
    masked = masked.replace(bearer, `$1 ${secretMark}`);
  }
  return maskTokens(masked);
}

/** Keys and tokens that are known by their looks, wherever they stand. */
export function maskTokens(text: string): string {
  let masked = text;
  for (const form of tokenForms) masked = masked.replace(form, secretMark);
  // A secret key of AWS: forty signs of base64; a SHA-1 has no capitals beside small letters.
  return masked.replace(fortySigns, (found) =>
    /[a-z]/.test(found) && /[A-Z]/.test(found) && /\d/.test(found) && /[g-z]/i.test(found)
      ? secretMark
      : found,
  );
}

/** `scheme://user:password@`: an unescaped `@` or `/` in the password is no reason to keep half of it. */
const userInfo = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/'"<>]{0,200}):(?!\[secret\]@)[^\s'"<>]{0,4000}@/gi;

const secretKey = String.raw`[\w.-]{0,60}(?:pass(?:word|wd|phrase|code|wort)?|pwd|secret|token|api[_-]?key|access[_-]?key(?:[_-]?id)?|secret[_-]?key|private[_-]?key|credentials?)`;

/** `"password": "…"`. */
const jsonValue = new RegExp(String.raw`("${secretKey}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|\d[\w.]*)`, "gi");

/** `<password>…`. */
const element = new RegExp(String.raw`(<${secretKey}>)(?!\[secret\])[^<]+`, "gi");

/** `password=…`, `Password: '…'`, `password '…'`. */
const namedValue = new RegExp(
  String.raw`(\b${secretKey}\b(?:\s*(?:[=:]=?>?)\s*|\s+(?=['"])))(?!%|\$\d|\[secret\])('(?:''|\\.|[^'\\])*'?|"(?:\\.|[^"\\])*"?|(?:\\.|[^\s\\'"])+)`,
  "gi",
);

const bearer = /\b(bearer|basic)\s+[A-Za-z0-9._~+/-]{16,}=*/gi;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

const tokenForms: readonly RegExp[] = [
  /\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]+){1,2}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[opsur]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\b[srp]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9/]{20,}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bSCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+(?:\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+)?/g,
];

const fortySigns = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g;
