import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import {
  channelBindings,
  type FormChange,
  negotiations,
  type SslMode,
  sslModes,
  tlsVersions,
} from "#lib/settings/form-values.ts";
import { isPlaceholder } from "./is-placeholder.ts";
import { maySayASecret } from "./may-say-a-secret.ts";
import { nearestSslMode } from "./nearest-sslmode.ts";

/** What a libpq string means beside its plain values; the words stand under `form.string.notes`. */
const libpqNotes = [
  "sslmode-absent-means-prefer",
  "placeholder-password",
  "several-hosts",
  "unix-socket",
  "connect-timeout-none",
] as const;

/** The same of the forms that are not libpq's; the words stand under `strings.notes`. */
const clientNotes = [
  "client-meaning",
  "client-default",
  "client-ambiguous",
  "client-skips-root",
  "node-stricter",
  "placeholder-value",
  "password-command",
  "token-command",
  "value-elsewhere",
  "several-connections",
  "ssh-tunnel",
  "no-host",
  "signs-read",
  "signs-in-password",
  "tls-words-unknown",
] as const;

export type LibpqNoteId = (typeof libpqNotes)[number];
export type NoteId = LibpqNoteId | (typeof clientNotes)[number];

/** Where the words of a note stand. */
export function isLibpqNote(id: NoteId): id is LibpqNoteId {
  return (libpqNotes as readonly NoteId[]).includes(id);
}

export interface StringNote {
  readonly id: NoteId;
  readonly facts?: Readonly<Record<string, string>>;
}

/** A set of libpq parameters in the form's own terms. */
export interface LibpqReading {
  /** Never holds a password, a key or a passphrase. */
  readonly values: FormChange;
  readonly password?: string;
  /** libpq `sslpassword`. */
  readonly keyPassphrase?: string;
  /** Parameters without effect here, in the order given: to be shown. A value that may be a secret is `…`. */
  readonly unknown: readonly { readonly name: string; readonly value: string }[];
  /** File names and what is looked up in files: the web never opens them, the command line does. */
  readonly paths: readonly { readonly name: PathName; readonly value: string }[];
  /** Known parameters whose value asks for what is not carried out: to be refused by name. */
  readonly unsupported: readonly string[];
  readonly notes: readonly StringNote[];
  /** The parameters that libpq knows, as written, without any secret. */
  readonly libpq: Readonly<Record<string, string>>;
}

const pathNames = [
  "sslrootcert",
  "sslcert",
  "sslkey",
  "sslcrl",
  "sslcrldir",
  "passfile",
  "service",
  "servicefile",
] as const;
export type PathName = (typeof pathNames)[number];

/**
 * Reads libpq's parameters as libpq 18 checks them (its manual, "Parameter Key Words").
 * @param parameters by name, as a reader of a form found them
 * @returns the reading, and whether libpq knows at least one of the names; else `string-sslmode-unknown`,
 *   `setting-invalid` { parameter }, `trust-weak-mode` { mode, parameter } or `string-malformed`
 */
export function readLibpqParameters(
  parameters: ReadonlyMap<string, string>,
): Result<{ readonly reading: LibpqReading; readonly recognised: boolean }> {
  const draft: Draft = { values: {}, unknown: [], paths: [], unsupported: [], notes: [], libpq: {} };
  let recognised = false;
  for (const [name, value] of parameters) {
    const carry = carriers.get(name);
    if (carry === undefined) {
      if (!/^[\w.-]{1,63}$/.test(name))
        return failed(problem("string-malformed", { reason: "parameter-name" }));
      draft.unknown.push({ name, value: maySayASecret(name, value) ? "…" : value });
      continue;
    }
    recognised = true;
    if (!secretNames.has(name)) draft.libpq[name] = value;
    const wrong = carry(value, draft, name);
    if (wrong) return failed(wrong);
  }
  const wrong = together(parameters, draft);
  return wrong ? failed(wrong) : ok({ reading: draft, recognised });
}

interface Draft extends LibpqReading {
  values: FormChange;
  password?: string;
  keyPassphrase?: string;
  unknown: { name: string; value: string }[];
  paths: { name: PathName; value: string }[];
  unsupported: string[];
  notes: StringNote[];
  libpq: Record<string, string>;
}

/** Puts one parameter into the draft; a problem when libpq would refuse its value. */
type Carry = (value: string, draft: Draft, name: string) => Problem | undefined;

const secretNames: ReadonlySet<string> = new Set([
  "password",
  "sslpassword",
  "scram_client_key",
  "scram_server_key",
  "oauth_client_secret",
]);

const carriers: ReadonlyMap<string, Carry> = new Map<string, Carry>([
  ["host", carryHost],
  ["hostaddr", carryAddress],
  ["port", carryPort],
  ["dbname", into("database")],
  ["user", into("user")],
  ["application_name", into("applicationName")],
  ["options", into("options")],
  ["password", carryPassword],
  ["sslpassword", carryPassphrase],
  ["sslmode", carrySslMode],
  ["sslrootcert", carryRoot],
  ["sslcert", path],
  ["sslkey", path],
  ["sslcrl", path],
  ["sslsni", carrySni],
  ["sslnegotiation", oneOf("negotiation", negotiations)],
  ["channel_binding", oneOf("channelBinding", channelBindings)],
  ["ssl_min_protocol_version", oneOf("minVersion", tlsVersions)],
  ["ssl_max_protocol_version", oneOf("maxVersion", tlsVersions)],
  ["connect_timeout", carryTimeout],
  // The values that are carried out, by doing nothing; the others are refused by name.
  ["target_session_attrs", only("any")],
  ["load_balance_hosts", only("disable")],
  ["sslcertmode", only("allow")],
  ["require_auth", only("")],
  ["gssencmode", only("disable", "prefer")],
  ["gssdelegation", only("0")],
  ["replication", only("", "false", "off", "no", "0")],
  ["client_encoding", only("", "UTF8", "UTF-8", "utf8", "utf-8", "auto")],
  ["min_protocol_version", only("3.0")],
  ["max_protocol_version", only("3.0", "3.2", "latest")],
  ["sslkeylogfile", only("")],
  ["scram_client_key", only("")],
  ["scram_server_key", only("")],
  ["oauth_issuer", only("")],
  ["oauth_client_id", only("")],
  ["oauth_client_secret", only("")],
  ["oauth_scope", only("")],
  ["service", lookUp],
  ["servicefile", lookUp],
  ["passfile", lookUp],
  ["sslcrldir", lookUp],
  // Known to libpq, of no consequence to whom and how safely we connect: shown, so that nobody relies on them.
  ["fallback_application_name", shown],
  ["keepalives", shown],
  ["keepalives_idle", shown],
  ["keepalives_interval", shown],
  ["keepalives_count", shown],
  ["tcp_user_timeout", shown],
  ["sslcompression", shown],
  ["requirepeer", shown],
  ["krbsrvname", shown],
  ["gsslib", shown],
]);

function carryHost(value: string, draft: Draft): undefined {
  if (value === "") return;
  if (value.includes(",")) refuse(draft, "host", "several-hosts");
  else if (/^[/@]/.test(value)) refuse(draft, "host", "unix-socket");
  else draft.values.host = value;
}

function carryAddress(value: string, draft: Draft): undefined {
  if (value === "") return;
  if (value.includes(",")) refuse(draft, "hostaddr", "several-hosts");
  else draft.values.networkAddress = value;
}

function carryPort(value: string, draft: Draft): Problem | undefined {
  const port = value.trim();
  if (port === "") return;
  // One port for each of several hosts; the hosts are refused already.
  if (/^[\d, ]*,[\d, ]*$/.test(port)) {
    refuse(draft, "port", "several-hosts");
    return;
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return invalid("port");
  draft.values.port = String(Number(port));
}

function into(field: "database" | "user" | "applicationName" | "options"): Carry {
  return (value, draft) => {
    if (value !== "") draft.values[field] = value;
    return undefined;
  };
}

function carryPassword(value: string, draft: Draft): undefined {
  if (isPlaceholder(value)) draft.notes.push({ id: "placeholder-password" });
  else if (value !== "") draft.password = value;
}

function carryPassphrase(value: string, draft: Draft): undefined {
  if (value !== "") draft.keyPassphrase = value;
}

function carrySslMode(value: string, draft: Draft): Problem | undefined {
  const mode = sslModes.find((known) => known === value);
  if (mode === undefined) {
    const nearest = nearestSslMode(value);
    // A word near no mode may be a piece of a password that was cut at the wrong place: it is not repeated.
    return problem("string-sslmode-unknown", nearest === undefined ? {} : { value, nearest });
  }
  draft.values.ssl = mode !== "disable";
  if (mode !== "disable") draft.values.mode = mode;
  return undefined;
}

function carryRoot(value: string, draft: Draft): undefined {
  if (value === "") return;
  if (value === "system") draft.values.trust = "system";
  else {
    draft.values.trust = "own";
    path(value, draft, "sslrootcert");
  }
}

function path(value: string, draft: Draft, name: string): undefined {
  const known = pathNames.find((pathName) => pathName === name);
  if (known !== undefined && value !== "") draft.paths.push({ name: known, value });
}

function lookUp(value: string, draft: Draft, name: string): undefined {
  path(value, draft, name);
  if (value !== "") draft.unsupported.push(name);
}

function shown(value: string, draft: Draft, name: string): undefined {
  draft.unknown.push({ name, value });
}

function carrySni(value: string, draft: Draft): Problem | undefined {
  // libpq sends the name when the value begins with 1, and leaves it out for anything else.
  if (value !== "0" && value !== "1") return invalid("sslsni");
  draft.values.sni = value === "1";
  return undefined;
}

function oneOf<Field extends "negotiation" | "channelBinding" | "minVersion" | "maxVersion">(
  field: Field,
  words: readonly NonNullable<FormChange[Field]>[],
): Carry {
  const version = field === "minVersion" || field === "maxVersion";
  return (value, draft, name) => {
    // libpq takes TLS versions in any case, and an empty one as no bound (`sslVerifyProtocolVersion`).
    if (version && value === "") return undefined;
    const word = words.find((known) =>
      version ? known.toLowerCase() === value.toLowerCase() : known === value,
    );
    if (word === undefined) return invalid(name);
    draft.values[field] = word;
    return undefined;
  };
}

function carryTimeout(value: string, draft: Draft): Problem | undefined {
  const seconds = value.trim();
  if (!/^[+-]?\d{1,9}$/.test(seconds)) return invalid("connect_timeout");
  // Zero and below mean "wait for ever" to libpq; the console always has a deadline.
  if (Number(seconds) <= 0) draft.notes.push({ id: "connect-timeout-none" });
  else draft.values.connectTimeout = String(Number(seconds));
  return undefined;
}

function only(...words: readonly string[]): Carry {
  return (value, draft, name) => {
    if (!words.includes(value)) draft.unsupported.push(name);
    return undefined;
  };
}

function refuse(draft: Draft, name: string, id: NoteId): void {
  draft.unsupported.push(name);
  if (!draft.notes.some((note) => note.id === id)) draft.notes.push({ id });
}

function invalid(parameter: string): Problem {
  return problem("setting-invalid", { parameter });
}

/** What several parameters mean together. */
function together(parameters: ReadonlyMap<string, string>, draft: Draft): Problem | undefined {
  const mode = parameters.get("sslmode") as SslMode | undefined;
  const system = draft.libpq.sslrootcert === "system";
  if (mode === undefined) {
    // sslrootcert=system raises libpq's default from prefer to verify-full (`conninfo_add_defaults`).
    if (system) Object.assign(draft.values, { ssl: true, mode: "verify-full" });
    else draft.notes.push({ id: "sslmode-absent-means-prefer" });
    return undefined;
  }
  // libpq refuses both pairs by "weak sslmode" (`pqConnectOptions2`).
  if (system && mode !== "verify-full") return problem("trust-weak-mode", { mode, parameter: "sslrootcert" });
  if (draft.values.negotiation === "direct" && !/^[rv]/.test(mode))
    return problem("trust-weak-mode", { mode, parameter: "sslnegotiation" });
  return undefined;
}
