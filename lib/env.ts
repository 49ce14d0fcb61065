import "server-only";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { Secret } from "#lib/secret.ts";
import { type NetworkRule, readNetworkRules } from "./network-rules.ts";
import { readStoreAddress, type StoreAddress } from "./store-address.ts";

/** What the host's settings say, read once. */
export interface Environment {
  /** Where `config.json`, its backups and the other sealed files lie; absolute. */
  readonly configDir: string;
  /** Where the generated key, the revision guard and one-time tokens lie; absolute, never inside `configDir`. */
  readonly stateDir: string;
  readonly key: KeySetting;
  readonly store: StoreSetting;
  /** The address people type, without a trailing slash; undefined when the console finds out by itself. */
  readonly publicUrl: string | undefined;
  /** How many proxies in front of the console are trusted to tell the caller's address; 0 is none. */
  readonly trustedProxies: number;
  readonly insecureHttp: boolean;
  /** Whether connections may go to this host's own loopback; undefined leaves it to where the console listens. */
  readonly allowLoopback: boolean | undefined;
  /** What `CLOAK_DB_NETWORKS` says of the servers that may be dialled; empty leaves it to the default. */
  readonly networks: readonly NetworkRule[];
  /** How many sessions one connection may have at its server; undefined leaves it to what the server has. */
  readonly sessionsPerConnection: number | undefined;
  /** How long a tab's session rests where it holds something, ms; undefined leaves it to the default. */
  readonly sessionIdleMs: number | undefined;
  /** How long an open transaction rests, ms; undefined leaves it to the default. */
  readonly transactionIdleMs: number | undefined;
  /** For how many days statements that were run are kept; 0: none is. Undefined leaves it to the default. */
  readonly historyDays: number | undefined;
  /** How long a backup stays after it was replaced, days; undefined leaves it to the default. */
  readonly backupDays: number | undefined;
  readonly auditStatements: AuditedStatements;
  readonly logLevel: LogLevel;
  /** Where `cloak-db demo` leaves what its console shows of it; undefined for every other console. */
  readonly demoDir: string | undefined;
  /** OpenSSL's own variables for the place of the system's trust store; empty leaves it to the platform. */
  readonly trustStore: { readonly certFile?: string; readonly certDir?: string };
}

/** Which of the statements that people run leave a line in the audit log, and whether it has their text. */
export interface AuditedStatements {
  readonly which: (typeof auditedStatements.kinds)[number];
  /** The text's beginning, too, without its secrets. */
  readonly text: boolean;
}

export const auditedStatements = {
  /** Those that may write on what is marked Production, those that may write anywhere, or each. */
  kinds: ["none", "production", "writes", "all"],
  default: { which: "production", text: false },
} as const;

/** Where the vault's key comes from. Exactly one source can be set; none means a generated key file. */
export type KeySetting =
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "command"; readonly argv: readonly [string, ...string[]] }
  | { readonly from: "variable"; readonly value: Secret }
  | { readonly from: "generated"; readonly path: string };

/** What keeps the vault: files in the config folder, or a PostgreSQL database. */
export type StoreSetting = { readonly kind: "file" } | PostgresSetting;

export interface PostgresSetting extends StoreAddress {
  readonly kind: "postgres";
  /** Read for each connection, so that a new password counts at once; absolute. Undefined for none. */
  readonly passwordFile: string | undefined;
  /** What this console is to know of the vault where it remembers nothing: the least revision that it takes. */
  readonly pin: StorePin | undefined;
}

export interface StorePin {
  readonly storeId: string;
  readonly rev: number;
}

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Reads the host's settings.
 *
 * Without `source` it reads this process's environment, and remembers what it found: the server removes secrets
 * from its environment at start (`scrubEnvironment`), and Next loads this file more than once.
 * @returns the settings, or `setting-invalid` with the facts `variables` (names) and `reasons` (one a variable)
 */
export function readEnvironment(source?: NodeJS.ProcessEnv): Result<Environment> {
  if (source !== undefined) return parseEnvironment(source);
  const kept = memory();
  kept.environment ??= parseEnvironment(process.env);
  return kept.environment;
}

/**
 * Removes from this process's environment what no code after this point may see: the driver would take `PG*` as
 * defaults, Node would drop every certificate check, and a child process would inherit the key. Call it once, at the
 * server's start; `readEnvironment()` keeps answering with what was set before.
 */
export function scrubEnvironment(): void {
  memory().environment ??= parseEnvironment(process.env);
  for (const name of Object.keys(process.env)) {
    if (/^PG[A-Z]/i.test(name) || /^CLOAK_(DB_)?KEY$/.test(name) || name === "NODE_TLS_REJECT_UNAUTHORIZED") {
      delete process.env[name];
    }
  }
}

/** The `PG*` variables libpq reads. Only the command line honours them. */
export function libpqEnvironment(source: NodeJS.ProcessEnv = process.env): Readonly<Record<string, string>> {
  const entries = Object.entries(source).filter(
    (entry): entry is [string, string] => /^PG[A-Z]/.test(entry[0]) && entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

/** The little that a child process is given: enough to find programs, its home, and a key service's own settings. */
export function childEnvironment(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const plain = new Set([
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
    "GNUPGHOME",
    "PASSWORD_STORE_DIR",
    "SystemRoot",
    "PATHEXT",
  ]);
  const services = /^(AWS|AZURE|GOOGLE|VAULT|BAO|OP)_/;
  const entries = Object.entries(source).filter(([name]) => plain.has(name) || services.test(name));
  // Next declares NODE_ENV as always present; a child does not need it.
  return Object.fromEntries(entries) as NodeJS.ProcessEnv;
}

/**
 * Where the host's own settings send requests to an AWS service, by the variables that every AWS SDK reads:
 * `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL`. A connection never names such an address.
 */
export function hostAwsEndpoint(service: "STS", source: NodeJS.ProcessEnv = process.env): string | undefined {
  const url = source[`AWS_ENDPOINT_URL_${service}`] || source.AWS_ENDPOINT_URL;
  return url !== undefined && URL.canParse(url) ? url : undefined;
}

function memory(): { environment?: Result<Environment> } {
  return processWide("environment", () => ({}));
}

const text = z.string().transform((value) => (value === "" ? undefined : value));
const flag = z
  .enum(["", "0", "1"], { error: "is 1 or 0" })
  .transform((value) => (value === "" ? undefined : value === "1"));

const minutes = z
  .string()
  .regex(/^(|[1-9]|[1-5]\d|60)$/, { error: "is a whole number of minutes from 1 to 60" })
  .transform((value) => (value === "" ? undefined : Number(value) * 60_000))
  .optional();

const variables = z.object({
  CLOAK_DB_CONFIG_DIR: text.optional(),
  CLOAK_DB_STATE_DIR: text.optional(),
  XDG_CONFIG_HOME: text.optional(),
  XDG_STATE_HOME: text.optional(),
  HOME: text.optional(),
  CLOAK_DB_KEY: text.optional(),
  CLOAK_DB_KEY_FILE: text.optional(),
  CLOAK_DB_KEY_COMMAND: z.string().optional().transform(parseArgv),
  CLOAK_DB_STORE: text.optional(),
  CLOAK_DB_STORE_PASSWORD_FILE: text.optional(),
  CLOAK_DB_STORE_INSECURE: flag.optional(),
  CLOAK_DB_STORE_PIN: z
    .string()
    .regex(/^(|[A-Za-z0-9_-]{22}:[1-9]\d{0,14})$/, {
      error: "is a vault’s id and a revision, as in <id>:<revision>",
    })
    .transform((value) => (value === "" ? undefined : value))
    .optional(),
  CLOAK_DB_PUBLIC_URL: z.string().optional().transform(parsePublicUrl),
  CLOAK_DB_TRUSTED_PROXIES: z
    .string()
    .regex(/^\d{0,2}$/, { error: "is a whole number from 0 to 99" })
    .transform((value) => Number(value))
    .optional(),
  CLOAK_DB_INSECURE_HTTP: flag.optional(),
  CLOAK_DB_ALLOW_LOOPBACK: flag.optional(),
  CLOAK_DB_SESSIONS_PER_CONNECTION: z
    .string()
    .regex(/^(|[1-9]\d{0,2})$/, { error: "is a whole number from 1 to 999" })
    .transform((value) => (value === "" ? undefined : Number(value)))
    .optional(),
  CLOAK_DB_SESSION_MINUTES: minutes,
  CLOAK_DB_TRANSACTION_MINUTES: minutes,
  CLOAK_DB_HISTORY_DAYS: z
    .string()
    .regex(/^(|\d|[1-9]\d|[1-2]\d\d|3[0-5]\d|36[0-5])$/, { error: "is a whole number of days from 0 to 365" })
    .transform((value) => (value === "" ? undefined : Number(value)))
    .optional(),
  CLOAK_DB_BACKUP_DAYS: z
    .string()
    .regex(/^(|[1-9]\d{0,2}|[1-2]\d{3}|3[0-5]\d\d|36[0-4]\d|3650)$/, {
      error: "is a whole number of days from 1 to 3650",
    })
    .transform((value) => (value === "" ? undefined : Number(value)))
    .optional(),
  CLOAK_DB_AUDIT_STATEMENTS: z
    .enum(["", ...auditedStatements.kinds], { error: "is none, production, writes or all" })
    .transform((value) => (value === "" ? undefined : value))
    .optional(),
  CLOAK_DB_AUDIT_TEXT: flag.optional(),
  CLOAK_DB_DEMO_DIR: text.optional(),
  CLOAK_DB_NETWORKS: z.string().default("").transform(parseNetworks),
  SSL_CERT_FILE: text.optional(),
  SSL_CERT_DIR: text.optional(),
  CLOAK_DB_LOG_LEVEL: z
    .string()
    .transform((value) => (value === "" ? undefined : value.toLowerCase()))
    .pipe(z.enum(logLevels, { error: `is one of ${logLevels.join(", ")}` }).optional())
    .optional(),
});

/** Names from before all had one prefix. They are read where the new name is not set. */
const formerNames = {
  CLOAK_KEY: "CLOAK_DB_KEY",
  CLOAK_KEY_FILE: "CLOAK_DB_KEY_FILE",
  CLOAK_KEY_COMMAND: "CLOAK_DB_KEY_COMMAND",
  CLOAK_PUBLIC_URL: "CLOAK_DB_PUBLIC_URL",
  CLOAK_TRUSTED_PROXIES: "CLOAK_DB_TRUSTED_PROXIES",
  CLOAK_INSECURE_HTTP: "CLOAK_DB_INSECURE_HTTP",
} as const;

function renamed(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = { ...source };
  for (const [former, name] of Object.entries(formerNames)) named[name] ??= source[former];
  return named;
}

/** The variables of this process that are set under a name of before, each with its name of today. */
export function formerVariables(
  source: NodeJS.ProcessEnv = process.env,
): readonly { readonly former: string; readonly name: string }[] {
  return Object.entries(formerNames)
    .filter(([former, name]) => source[former] !== undefined && source[name] === undefined)
    .map(([former, name]) => ({ former, name }));
}

function parseEnvironment(source: NodeJS.ProcessEnv): Result<Environment> {
  const parsed = variables.safeParse(renamed(source));
  if (!parsed.success) {
    const issues = parsed.error.issues;
    return invalid(
      issues.map((issue) => String(issue.path[0])),
      issues.map((issue) => issue.message),
    );
  }
  const set = parsed.data;

  const sources = keySources.filter((name) => set[name] !== undefined);
  if (sources.length > 1) return invalid(sources, ["only one source of the key may be set"]);

  const home = set.HOME ?? homeFolder();
  const configDir =
    set.CLOAK_DB_CONFIG_DIR === undefined
      ? join(baseFolder(set.XDG_CONFIG_HOME, join(home, ".config")), "cloak-db")
      : resolve(set.CLOAK_DB_CONFIG_DIR);
  const stateDir = stateFolder(set, configDir, home);
  if (!isAbsolute(configDir) || !isAbsolute(stateDir)) {
    return invalid(
      ["CLOAK_DB_CONFIG_DIR"],
      ["must be set where HOME is not, and this user has no home folder"],
    );
  }
  if (contains(configDir, stateDir)) {
    // A backup of the one folder would carry the key along with what it locks.
    return invalid(
      ["CLOAK_DB_STATE_DIR", "CLOAK_DB_CONFIG_DIR"],
      ["the state folder may not lie in the config folder"],
    );
  }

  const store = storeSetting(set);
  if (!store.ok) return store;

  return ok({
    configDir,
    stateDir,
    key: keySetting(set, stateDir),
    store: store.value,
    publicUrl: set.CLOAK_DB_PUBLIC_URL,
    trustedProxies: set.CLOAK_DB_TRUSTED_PROXIES ?? 0,
    insecureHttp: set.CLOAK_DB_INSECURE_HTTP ?? false,
    allowLoopback: set.CLOAK_DB_ALLOW_LOOPBACK,
    networks: set.CLOAK_DB_NETWORKS,
    sessionsPerConnection: set.CLOAK_DB_SESSIONS_PER_CONNECTION,
    sessionIdleMs: set.CLOAK_DB_SESSION_MINUTES,
    transactionIdleMs: set.CLOAK_DB_TRANSACTION_MINUTES,
    historyDays: set.CLOAK_DB_HISTORY_DAYS,
    backupDays: set.CLOAK_DB_BACKUP_DAYS,
    auditStatements: {
      which: set.CLOAK_DB_AUDIT_STATEMENTS ?? auditedStatements.default.which,
      text: set.CLOAK_DB_AUDIT_TEXT ?? auditedStatements.default.text,
    },
    logLevel: set.CLOAK_DB_LOG_LEVEL ?? "info",
    demoDir: set.CLOAK_DB_DEMO_DIR,
    trustStore: {
      ...(set.SSL_CERT_FILE === undefined ? {} : { certFile: set.SSL_CERT_FILE }),
      ...(set.SSL_CERT_DIR === undefined ? {} : { certDir: set.SSL_CERT_DIR }),
    },
  });
}

/** Empty for a user whom the system does not know, as a container may have one: then nothing can lie there. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "";
  }
}

const keySources = ["CLOAK_DB_KEY_FILE", "CLOAK_DB_KEY_COMMAND", "CLOAK_DB_KEY"] as const;

function invalid(names: readonly string[], reasons: readonly string[]): Result<never> {
  return failed(problem("setting-invalid", { reason: "environment", variables: names, reasons }));
}

/** XDG Base Directory Specification 0.8: a relative path in these variables is to be ignored. */
function baseFolder(path: string | undefined, otherwise: string): string {
  return path !== undefined && isAbsolute(path) ? path : otherwise;
}

/** A console that was given a config folder of its own gets a state folder beside it: it never touches the home. */
function stateFolder(set: z.output<typeof variables>, configDir: string, home: string): string {
  if (set.CLOAK_DB_STATE_DIR !== undefined) return resolve(set.CLOAK_DB_STATE_DIR);
  if (set.CLOAK_DB_CONFIG_DIR !== undefined) return `${configDir}-state`;
  return join(baseFolder(set.XDG_STATE_HOME, join(home, ".local", "state")), "cloak-db");
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

function keySetting(set: z.output<typeof variables>, stateDir: string): KeySetting {
  if (set.CLOAK_DB_KEY_FILE !== undefined) return { from: "file", path: resolve(set.CLOAK_DB_KEY_FILE) };
  if (set.CLOAK_DB_KEY_COMMAND !== undefined) return { from: "command", argv: set.CLOAK_DB_KEY_COMMAND };
  if (set.CLOAK_DB_KEY !== undefined) return { from: "variable", value: new Secret(set.CLOAK_DB_KEY) };
  return { from: "generated", path: join(stateDir, "vault.key") };
}

function storeSetting(set: z.output<typeof variables>): Result<StoreSetting> {
  const { CLOAK_DB_STORE: given = "file:", CLOAK_DB_STORE_INSECURE: insecure = false } = set;
  if (given === "file:") {
    const alone = (["CLOAK_DB_STORE_PASSWORD_FILE", "CLOAK_DB_STORE_PIN"] as const).filter(
      (name) => set[name] !== undefined,
    );
    return alone.length === 0
      ? ok({ kind: "file" })
      : invalid(
          alone,
          alone.map(() => "has no use without CLOAK_DB_STORE=postgres://…"),
        );
  }
  if (given.startsWith("file:")) {
    return invalid(
      ["CLOAK_DB_STORE"],
      ["names a folder; where the files lie is said by CLOAK_DB_CONFIG_DIR"],
    );
  }
  const address = readStoreAddress(given, { insecure });
  if ("reason" in address) return invalid(["CLOAK_DB_STORE"], [address.reason]);
  const file = set.CLOAK_DB_STORE_PASSWORD_FILE;
  if (file !== undefined && address.profile.signIn !== "password") {
    return invalid(
      ["CLOAK_DB_STORE_PASSWORD_FILE", "CLOAK_DB_STORE"],
      ["has no use where the sign-in is with a token"],
    );
  }
  const [storeId = "", rev] = set.CLOAK_DB_STORE_PIN?.split(":") ?? [];
  return ok({
    kind: "postgres",
    ...address,
    passwordFile: file === undefined ? undefined : resolve(file),
    pin: rev === undefined ? undefined : { storeId, rev: Number(rev) },
  });
}

/** A list of words, never a line for a shell: `pgAdmin`'s key hook ran what was spliced into one (CVE-2026-17347). */
function parseArgv(
  value: string | undefined,
  context: z.RefinementCtx,
): readonly [string, ...string[]] | undefined {
  if (value === undefined || value === "") return undefined;
  const argv = readArgv(value);
  if (argv !== undefined) return argv;
  context.addIssue({
    code: "custom",
    message: 'is a JSON list of the program and its arguments, as in ["pass","show","cloak-db"]',
  });
  return z.NEVER;
}

/** A program and its arguments, as a JSON list; undefined for any other text. */
export function readArgv(text: string): readonly [string, ...string[]] | undefined {
  try {
    return z.tuple([z.string().min(1)], z.string()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function parseNetworks(value: string, context: z.RefinementCtx): readonly NetworkRule[] {
  const rules = readNetworkRules(value);
  if (rules !== undefined) return rules;
  context.addIssue({
    code: "custom",
    message: "is a list as in allow 10.0.0.0/8:5432, allow *.example.com, deny 10.0.9.0/24",
  });
  return z.NEVER;
}

function parsePublicUrl(value: string | undefined, context: z.RefinementCtx): string | undefined {
  if (value === undefined || value === "") return undefined;
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const fits =
    (url?.protocol === "https:" || url?.protocol === "http:") &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === "";
  if (url !== undefined && fits) return url.href.replace(/\/+$/, "");
  context.addIssue({
    code: "custom",
    message: "is the console's address, as in https://db.example.com",
  });
  return z.NEVER;
}
