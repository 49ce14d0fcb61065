import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import type { PostgresPrograms } from "#lib/samples/postgres-programs.ts";

export type Verdict = "tls" | "plaintext" | "refused";

export interface LibpqAnswer {
  readonly verdict: Verdict;
  /** libpq's own words; empty when it connected. */
  readonly words: string;
}

export interface Libpq {
  verdict(conninfo: string): Promise<LibpqAnswer>;
}

const question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

/**
 * This machine's psql with libpq 18 of the sample servers' package in place of its own; undefined where there is
 * no psql, or where it does not run with that library.
 */
export function libpq18(env: PostgresPrograms["env"]): Libpq | undefined {
  const psql = programFile();
  if (psql === undefined) return undefined;
  const withHome: NodeJS.ProcessEnv = {
    ...env,
    HOME: process.env.HOME,
    SSL_CERT_FILE: process.env.SSL_CERT_FILE,
    PGAPPNAME: "conformance",
  };
  // Only libpq 16 and later has this word: what loads another library does not pass.
  const probe = "host=127.0.0.1 port=1 sslrootcert=system sslmode=require";
  try {
    execFileSync(psql, ["-XAtw", "-d", probe], { env: withHome, encoding: "utf8", stdio: "pipe" });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    if (!said.includes("weak sslmode")) return undefined;
  }
  return { verdict: (conninfo) => run(psql, ["-XAtw", "-d", conninfo, "-c", question], withHome) };
}

/** In a session of its own and with nothing to read: OpenSSL would ask the terminal for a key's passphrase. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<LibpqAnswer> {
  const child = spawn(program, args, {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let stdout = "";
  let words = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    words += part;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) resolve({ verdict: "refused", words: words.trim() });
      else resolve({ verdict: stdout.trim() === "t" ? "tls" : "plaintext", words: "" });
    });
  });
}

/** Debian's `psql` is a script that picks a version; the program itself is what takes another library. */
function programFile(): string | undefined {
  const versions = "/usr/lib/postgresql";
  if (existsSync(versions)) {
    const found = readdirSync(versions)
      .map((version) => `${versions}/${version}/bin/psql`)
      .filter((file) => existsSync(file));
    if (found.length > 0) return found.at(-1);
  }
  try {
    return realpathSync(execFileSync("which", ["psql"], { encoding: "utf8", stdio: "pipe" }).trim());
  } catch {
    return undefined;
  }
}
