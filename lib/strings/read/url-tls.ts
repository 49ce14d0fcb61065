import {
  asSwitch,
  clientDefault,
  modeInAnyCase,
  type TlsDraft,
  takeMeaning,
  takeStronger,
} from "./tls-words.ts";

/**
 * What the TLS words of a plain PostgreSQL URL mean. libpq's own words are libpq's; a word that only other clients
 * know means what they do with it (node-postgres: `pg-connection-string` 2; asyncpg and postgres.js: `ssl=MODE`).
 * @param into the parameters of the URL, changed in place
 */
export function readUrlTls(into: TlsDraft): void {
  const { parameters } = into;
  // Java's spelling, and others': libpq would not know it, and whoever wrote it means TLS.
  for (const [name, value] of [...parameters]) {
    if (name === "sslmode" || !/^ssl[_-]?mode$/i.test(name)) continue;
    parameters.delete(name);
    if (!parameters.has("sslmode")) parameters.set("sslmode", modeInAnyCase(value) ?? value);
  }
  const ssl = parameters.get("ssl");
  parameters.delete("ssl");
  // It asks node-postgres for libpq's meanings, which are taken anyway.
  if (asSwitch(parameters.get("uselibpqcompat") ?? "") === true) parameters.delete("uselibpqcompat");

  const word = parameters.get("sslmode");
  if (word !== undefined) readModeWord(into, word, true);
  else if (ssl !== undefined) readSslWord(into, ssl);
}

/** `sslmode=` in a keyword string, where only clients built on libpq read it. */
export function readKeywordTls(into: TlsDraft): void {
  const word = into.parameters.get("sslmode");
  if (word !== undefined) readModeWord(into, word, false);
}

/** @param inUrl whether node-postgres may be the reader, which takes a word it does not know as Verify Full */
function readModeWord(into: TlsDraft, word: string, inUrl: boolean): void {
  const plain = word.toLowerCase();
  if (plain === "no-verify") {
    takeMeaning(into, "node-postgres", "sslmode=no-verify", "unchecked", "refused");
  } else if (plain === "required") {
    takeMeaning(into, "Azure", "sslmode=required", "require", "refused");
  } else if (plain === "true") {
    // The Azure portal writes sslmode='true' for Python and C++; node-postgres verifies.
    if (inUrl) takeStronger(into, "node-postgres", "sslmode=true", "verify-full");
    else takeMeaning(into, "Azure", "sslmode=true", "require", "refused");
  }
}

function readSslWord(into: TlsDraft, word: string): void {
  const mode = modeInAnyCase(word);
  const on = word === "" ? true : asSwitch(word);
  if (on === true) {
    // psql takes `ssl=true` as require, pgJDBC and node-postgres as Verify Full.
    takeStronger(into, "psql, node-postgres", "ssl=true", "verify-full");
  } else if (on === false) {
    takeMeaning(into, "node-postgres", "ssl=false", "disable", "refused");
  } else if (word.toLowerCase() === "no-verify") {
    takeMeaning(into, "node-postgres", "ssl=no-verify", "unchecked", "refused");
  } else if (mode !== undefined) {
    takeMeaning(into, "asyncpg, postgres.js", `ssl=${mode}`, mode, "refused");
  } else into.parameters.set("ssl", word);
}

/** Parameters that only Prisma's URLs have. */
const prismaOnly = [
  "sslaccept",
  "sslidentity",
  "connection_limit",
  "pool_timeout",
  "socket_timeout",
  "statement_cache_size",
  "pgbouncer",
];

/** Whether a URL was written for Prisma. */
export function isPrisma(parameters: ReadonlyMap<string, string>): boolean {
  return prismaOnly.some((name) => parameters.has(name));
}

/**
 * Prisma's own engine: it checks the certificate with `sslaccept=strict` alone, and its `sslcert` is the root's file.
 * @returns the note for a URL that names no mode
 */
export function readPrismaTls(into: TlsDraft): ReturnType<typeof clientDefault> {
  const { parameters } = into;
  const root = parameters.get("sslcert");
  parameters.delete("sslcert");
  if (root !== undefined && !parameters.has("sslrootcert")) parameters.set("sslrootcert", root);
  const accept = parameters.get("sslaccept");
  parameters.delete("sslaccept");
  const mode = parameters.get("sslmode");
  if (mode === "disable") return clientDefault("Prisma", "prefer");
  if (accept === "strict") {
    if (mode === "prefer" || mode === undefined)
      takeStronger(into, "Prisma", "sslaccept=strict", "verify-full");
    else takeMeaning(into, "Prisma", "sslaccept=strict", "verify-full", "other-words");
  } else if (accept !== undefined) {
    takeMeaning(into, "Prisma", "sslaccept=accept_invalid_certs", "unchecked", "other-words");
  } else readUrlTls(into);
  return clientDefault("Prisma", "prefer");
}
