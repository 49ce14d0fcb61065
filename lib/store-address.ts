import "server-only";
import { isIP } from "node:net";
import { isAbsolute, resolve } from "node:path";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { isTokenSignIn, type SignIn, type SslMode, tokenSignIns } from "#lib/settings/form-values.ts";
import { type LibpqReading, readLibpqParameters } from "#lib/strings/libpq/libpq-parameters.ts";
import { isUri, readUri } from "#lib/strings/libpq/uri.ts";

/** A PostgreSQL database that keeps the vault, without any secret. */
export interface StoreAddress {
  /** As people on the host would say it; never with a password. */
  readonly place: string;
  /** The schema that its tables lie in. */
  readonly schema: string;
  /** How to reach it: without password and own roots, which are read from their files each time. */
  readonly profile: ProfileDraft;
  /** The only roots that count, PEM; undefined for the system's. */
  readonly rootFile: string | undefined;
}

/**
 * Reads what `CLOAK_DB_STORE` says of a PostgreSQL database: a libpq URI with `schema`, `signin` and `region` beside
 * libpq's own parameters. What is not known is refused, for a mistyped `sslmode` is one that is not there.
 * @param insecure whether it may be reached over less than verify-full; over loopback and sockets it always may
 * @returns the address; or why not, as the end of the sentence "CLOAK_DB_STORE …", which repeats nothing that could be a
 *   secret
 */
export function readStoreAddress(
  text: string,
  { insecure }: { readonly insecure: boolean },
): StoreAddress | { readonly reason: string } {
  if (!isUri(text)) return { reason: `is file: or a URL as in ${example}` };
  const uri = readUri(text);
  if (!uri.ok) return { reason: `cannot be read; it is a URL as in ${example}` };
  const parameters = new Map(uri.value);
  if (parameters.has("password") || parameters.has("sslpassword")) {
    return {
      reason: "holds a password; put it into a file, and name that in CLOAK_DB_STORE_PASSWORD_FILE",
    };
  }
  const takeOut = (name: string) => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value;
  };
  const schema = takeOut("schema") ?? "public";
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    return { reason: "has a schema that is not lower-case letters, digits and underscores" };
  }
  const [signin, region] = [takeOut("signin"), takeOut("region")];
  // Ours is the only part that goes over a socket; the reader of strings has no place for one.
  const socket = parameters.get("host")?.startsWith("/") ? takeOut("host") : undefined;
  const read = readLibpqParameters(parameters);
  if (!read.ok) return { reason: `has a parameter with a value that is not valid` };
  const { reading } = read.value;
  const strange = strangeOf(reading);
  if (strange.length > 0) return { reason: `has parameters that are not used here: ${strange.join(", ")}` };

  const { values } = reading;
  if (socket !== undefined && values.networkAddress !== undefined) {
    return { reason: "names a socket and an address as well" };
  }
  const host = socket ?? values.host ?? values.networkAddress;
  if (host === undefined) return { reason: "names no host" };
  if (values.user === undefined) return { reason: "names no user" };
  const usual: SslMode = socket === undefined ? "verify-full" : "disable";
  const mode = values.ssl === false ? "disable" : (values.mode ?? usual);
  if (socket !== undefined && mode !== "disable") return { reason: "asks for TLS over a socket" };
  if (mode !== "verify-full" && !insecure && !isHere(values.networkAddress ?? host)) {
    return { reason: `has an sslmode below verify-full, which is refused without CLOAK_DB_STORE_INSECURE=1` };
  }
  const signIn = signInOf(signin, host);
  if (signIn === undefined) return { reason: `has a signin that is none of ${tokenSignIns.join(", ")}` };
  if (isTokenSignIn(signIn) && mode !== "verify-full") {
    return { reason: "signs in with a token, which needs sslmode=verify-full" };
  }
  const profile = profileOf(reading, { host, mode, signIn, region });
  const rootFile = reading.paths.find(({ name }) => name === "sslrootcert")?.value;
  return {
    place: placeOf(profile, schema),
    schema,
    profile,
    rootFile: rootFile === undefined || isAbsolute(rootFile) ? rootFile : resolve(rootFile),
  };
}

const example = "postgres://cloak@db.example.com:5432/cloak?sslmode=verify-full&schema=cloak";

/** What was asked for and would not be done. */
function strangeOf({ unknown, unsupported, paths, libpq }: LibpqReading): readonly string[] {
  const files = paths.map(({ name }) => name).filter((name) => name !== "sslrootcert");
  const own = ["options", "connect_timeout"].filter((name) => name in libpq);
  return [...new Set([...unknown.map(({ name }) => name), ...unsupported, ...files, ...own])];
}

/** On this machine nobody stands in between. What counts is where it is dialled, whatever the name is. */
function isHere(host: string): boolean {
  return (
    host.startsWith("/") ||
    host === "localhost" ||
    host === "::1" ||
    (isIP(host) === 4 && /^127\./.test(host))
  );
}

/** Where a service takes nothing but its tokens that need not be said. */
function signInOf(asked: string | undefined, host: string): SignIn | undefined {
  if (asked === undefined) {
    const usual = recogniseProvider(host)?.defaults.signIn;
    return usual === "aurora-dsql-token" ? usual : "password";
  }
  return tokenSignIns.find((known) => known === asked);
}

function profileOf(
  { values }: LibpqReading,
  given: {
    readonly host: string;
    readonly mode: SslMode;
    readonly signIn: SignIn;
    readonly region: string | undefined;
  },
): ProfileDraft {
  const draft = newDraft();
  const { host, mode, signIn, region } = given;
  const user = values.user ?? "";
  return {
    ...draft,
    name: "store",
    host,
    ...(values.networkAddress === undefined || host === values.networkAddress
      ? {}
      : { networkAddress: values.networkAddress }),
    port: Number(values.port ?? draft.port),
    user,
    database: values.database ?? user,
    signIn,
    ...(isTokenSignIn(signIn) && {
      token: {
        expirySeconds: tokenSeconds,
        credentials: "default",
        ...(region === undefined ? {} : { region }),
      },
    }),
    tls: {
      ...draft.tls,
      mode,
      trust: "system",
      ...(values.negotiation === undefined ? {} : { negotiation: values.negotiation }),
      ...(values.channelBinding === undefined ? {} : { channelBinding: values.channelBinding }),
      ...(values.minVersion === undefined ? {} : { minVersion: values.minVersion }),
      ...(values.maxVersion === undefined ? {} : { maxVersion: values.maxVersion }),
      ...(values.sni === undefined ? {} : { sni: values.sni }),
    },
    connectTimeoutMs: connectMs,
    applicationName: values.applicationName ?? "cloak-db store",
    options: "",
  };
}

/** Longer than any sign-in takes. */
const tokenSeconds = 900;
/** Whoever waits for a page waits for this, too. */
const connectMs = 5_000;

function placeOf({ user, host, port, database }: ProfileDraft, schema: string): string {
  const name = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
  const where = `postgres://${encodeURIComponent(user)}@${name}:${port}/${encodeURIComponent(database)}`;
  return schema === "public" ? where : `${where}?schema=${schema}`;
}
