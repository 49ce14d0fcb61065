import "server-only";
import { Secret } from "#lib/secret.ts";

/**
 * Makes something safe to log: secrets and everything under a telling name become `[redacted]`, errors lose what they
 * drag along (their `input`, their `cause`, rows and statements a driver attached), texts lose passwords of
 * connection strings. Depth, width and length are limited.
 */
export function redacted(value: unknown, depth = 0): unknown {
  if (Secret.is(value)) return "[secret]";
  if (typeof value === "string") return withoutPasswords(value);
  if (typeof value === "function" || typeof value === "symbol") return `[${typeof value}]`;
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? String(value) : value;
  if (value instanceof Error) return plainError(value);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= 6) return "[deeper]";
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redacted(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, 100)
      .map(([name, item]) => [name, tellingName.test(name) ? "[redacted]" : redacted(item, depth + 1)]),
  );
}

const tellingName =
  /password|passwd|passphrase|^pass$|secret|token|cookie|authori[sz]ation|credential|private|^(key|pem|sslkey|sslcert|cert|ca|sql|query|statement|values|params|connectionstring|dsn)$/i;

/** What a text may hold of others' passwords: `://user:password@`, `password=…` and PEM blocks. */
function withoutPasswords(text: string): string {
  return text
    .slice(0, 4000)
    .replace(/(:\/\/[^\s:/@]*:)[^\s@]*@/g, "$1[redacted]@")
    .replace(
      /\b((?:ssl)?pass(?:word|phrase)?\s*[=:]\s*)('(?:[^'\\]|\\.)*'|"[^"]*"|[^\s&,;]+)/gi,
      "$1[redacted]",
    )
    .replace(/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g, "[PEM]");
}

/** Named field by field: `new URL` alone hangs the whole text, password included, onto its error. */
function plainError(error: Error): Record<string, unknown> {
  const { code, digest, routine, syscall } = error as Error & Record<string, unknown>;
  const plain: Record<string, unknown> = { type: error.name, message: withoutPasswords(error.message) };
  for (const [name, value] of Object.entries({ code, digest, routine, syscall })) {
    if (typeof value === "string") plain[name] = value;
  }
  // The stack's first lines repeat the message.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  plain.at = frames.slice(0, 12).map((line) => line.trim().slice(3));
  return plain;
}
