import "server-only";
import { readFile, stat } from "node:fs/promises";
import { Secret } from "#lib/secret.ts";

export interface PasswordPlace {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/**
 * Looks a password up in libpq's password file (its manual, "The Password File"): lines of
 * `host:port:database:user:password`, `*` for any, a backslash before `:` and `\`. The first line that fits counts.
 * @returns undefined when no line fits, there is no such file, or others may read it: libpq ignores it then, too
 */
export async function passwordFromFile(file: string, place: PasswordPlace): Promise<Secret | undefined> {
  const text = await readPrivateFile(file);
  if (text === undefined) return undefined;
  const wanted = [place.host, place.port, place.database, place.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = splitLine(line);
    const password = fields[4];
    const fits = wanted.every((value, index) => fields[index] === "*" || unescaped(fields[index]) === value);
    if (password !== undefined && fits) return new Secret(unescaped(password) ?? "");
  }
  return undefined;
}

async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) return undefined;
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

/** Four fields and the rest: a password may hold a colon that nobody escaped. */
function splitLine(line: string): readonly string[] {
  const fields = /^((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):((?:\\.|[^:\\])*):(.*)$/.exec(line);
  return fields ? fields.slice(1) : [];
}

function unescaped(field: string | undefined): string | undefined {
  return field?.replace(/\\(.)/g, "$1");
}
