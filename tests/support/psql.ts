import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileDraft } from "#lib/profiles/profile.ts";

/** What libpq makes of a connection: how the session is, or its own words for why there is none. */
export type PsqlVerdict = { readonly session: "tls" | "plaintext" } | { readonly refused: string };

export interface Psql {
  readonly version: number;
  verdict(profile: ProfileDraft): Promise<PsqlVerdict>;
  remove(): void;
}

/** The psql of this machine, in an empty home; undefined where there is none. */
export function findPsql(): Psql | undefined {
  const version = versionOfPsql();
  if (version === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), "cloak-db-psql-"));
  let files = 0;
  const file = (text: string) => {
    const path = join(home, `${++files}.pem`);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    version,
    verdict: (profile) => run(home, keywords(profile, file), profile.secrets.password?.reveal() ?? ""),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function versionOfPsql(): number | undefined {
  try {
    const text = execFileSync("psql", ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(/(\d+)/.exec(text)?.[1]);
  } catch {
    return undefined;
  }
}

/** The same connection as a libpq string. */
function keywords(profile: ProfileDraft, file: (text: string) => string): string {
  const { tls, secrets } = profile;
  const values: Record<string, string | undefined> = {
    host: profile.host,
    hostaddr: profile.networkAddress,
    port: String(profile.port),
    user: profile.user,
    dbname: profile.database,
    sslmode: tls.mode,
    sslrootcert: tls.ca && file(tls.ca),
    sslcert: tls.clientCertificate && file(tls.clientCertificate),
    sslkey: secrets.clientKey && file(secrets.clientKey.reveal()),
    sslpassword: secrets.keyPassphrase?.reveal(),
    sslcrl: tls.crl && file(tls.crl),
    sslsni: tls.sni ? "1" : "0",
    ssl_min_protocol_version: tls.minVersion,
    ssl_max_protocol_version: tls.maxVersion,
    channel_binding: tls.channelBinding,
    options: profile.options || undefined,
    connect_timeout: "10",
  };
  return Object.entries(values)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}='${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`)
    .join(" ");
}

const question = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

function run(home: string, conninfo: string, password: string): Promise<PsqlVerdict> {
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, LC_ALL: "C" };
  for (const name of Object.keys(env)) if (name.startsWith("PG")) delete env[name];
  if (password !== "") env.PGPASSWORD = password;
  return new Promise((resolve) => {
    execFile("psql", ["-XAtw", "-d", conninfo, "-c", question], { env }, (error, stdout, stderr) => {
      if (error) resolve({ refused: stderr.trim() });
      else resolve({ session: stdout.trim() === "t" ? "tls" : "plaintext" });
    });
  });
}
