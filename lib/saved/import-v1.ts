import "server-only";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { type ImportNote, metaOf, newDraft, type ProfileMeta } from "#lib/profiles/profile.ts";
import { randomId } from "#lib/random-id.ts";
import { Secret } from "#lib/secret.ts";
import { isIpAddress } from "#lib/settings/ip-address.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { type LibpqString, parseLibpqString } from "#lib/strings/libpq/parse-libpq-string.ts";
import type { NewRecord } from "#lib/vault/records.ts";
import { importedTls, type QueryOfVersion1 } from "./imported-tls.ts";
import { profileKind, unparsedSecret } from "./profile-store.ts";
import { redactString } from "./redact-string.ts";

/**
 * Turns the plaintext file of Cloak DB 0.3 into records of the vault: every connection as the old program labelled
 * it, with ids of notes where that program did something else on the wire; and one record with what else the file
 * held, so that nothing is lost.
 * @param json the parsed file, known to say `version: 1`
 * @param now  stands in for a date that is missing
 * @returns the records, or `vault-damaged` when the file does not list connections
 */
export function importVersion1(json: unknown, now: Date = new Date()): Result<readonly NewRecord[]> {
  const file = fileSchema.safeParse(json);
  if (!file.success) return failed(problem("vault-damaged", { reason: "version-1-unreadable" }));
  const profiles = file.data.connections.map((entry) => importEntry(entry, now));
  return ok([...profiles.map((profile) => profile.record), reportRecord(file.data, profiles)]);
}

interface Imported {
  readonly record: NewRecord;
  readonly legacyId: string;
  readonly wasDefault: boolean;
}

const fileSchema = z.object({
  version: z.literal(1),
  connections: z.array(z.unknown()),
  preferences: z.unknown().optional(),
});

/** `config.schema.ts` of the old program. It dropped unknown members in silence, so they are no error here either. */
const entrySchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  connectionString: z.string().min(1),
  default: z.boolean().optional(),
  createdAt: z.string().optional(),
  ssl: z
    .object({
      rejectUnauthorized: z.boolean().optional(),
      ca: z.string().optional(),
      cert: z.string().optional(),
      key: z.string().optional(),
      passphrase: z.string().optional(),
    })
    .optional(),
});

type Entry = z.infer<typeof entrySchema>;

function importEntry(entry: unknown, now: Date): Imported {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return unreadableEntry(entry, now);
  const { connectionString } = parsed.data;
  const query = queryOf(connectionString);
  const read = parseLibpqString(credentialsEncoded(query.rest));
  // An `@` in the database's name is the tail of a password with a `/` in it: not to be shown as a name.
  const isWhole =
    read.ok && read.value.values.host !== undefined && !read.value.values.database?.includes("@");
  if (!isWhole) return unparsedEntry(parsed.data, now);
  return readableEntry(parsed.data, query, read.value, now);
}

/**
 * What decided about TLS in the old program, taken out of the string: its spelling of these parameters is not
 * libpq's, and the paths would be the server's files.
 */
function queryOf(text: string): QueryOfVersion1 & { readonly rest: string } {
  const mark = text.indexOf("?");
  if (mark === -1) return { rest: text, files: [], overridesHost: false };
  const taken = new Map<string, string>();
  const kept = text
    .slice(mark + 1)
    .split("&")
    .filter((pair) => {
      const [name = "", ...value] = pair.split("=");
      if (/^(sslmode|ssl|sslrootcert|sslcert|sslkey)$/.test(name)) {
        taken.set(name, decoded(value.join("=")));
        return false;
      }
      return pair !== "";
    });
  const sslmode = taken.get("sslmode");
  const ssl = taken.get("ssl");
  return {
    rest: text.slice(0, mark) + (kept.length === 0 ? "" : `?${kept.join("&")}`),
    ...(sslmode === undefined ? {} : { sslmode }),
    ...(ssl === undefined ? {} : { ssl }),
    files: ["sslrootcert", "sslcert", "sslkey"]
      .filter((name) => taken.has(name))
      .map((name) => `${name}=${taken.get(name)}`),
    overridesHost:
      kept.some((pair) => /^(host|port)=./.test(pair)) && /\/\/[^/?]*[^/?@]/.test(text.slice(0, mark)),
  };
}

/**
 * The old program read by the rules of browsers' URLs, where the last `@` before the path ends the credentials; libpq
 * takes the first. A password with an unescaped `@` worked there, so it is escaped here.
 */
function credentialsEncoded(text: string): string {
  const match = /^(\s*postgres(?:ql)?:\/\/)([^/?#]*)@(.*)$/is.exec(text);
  if (match === null) return text;
  const [, scheme = "", credentials = "", rest = ""] = match;
  const [user = "", ...password] = credentials.split(":");
  const encoded = [user, ...(password.length === 0 ? [] : [password.join(":")])]
    .map((part) => encodeURIComponent(decoded(part)))
    .join(":");
  return `${scheme}${encoded}@${rest}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readableEntry(entry: Entry, query: QueryOfVersion1, read: LibpqString, now: Date): Imported {
  const { values, password } = read;
  const host = values.host ?? "";
  const ssl = {
    allowSelfSigned: entry.ssl?.rejectUnauthorized === false,
    ca: text(entry.ssl?.ca),
    clientCertificate: text(entry.ssl?.cert),
    clientKey: text(entry.ssl?.key),
    keyPassphrase: text(entry.ssl?.passphrase),
  };
  const { tls, differences } = importedTls(query, ssl, isIpAddress(host));
  const leftOver = [...query.files, ...leftOvers(read)];
  const byCertificate =
    password === undefined &&
    ssl.clientCertificate !== undefined &&
    ssl.clientKey !== undefined &&
    tls.mode !== "disable";
  const meta: ProfileMeta = {
    ...emptyMeta(entry, now),
    host,
    ...(values.networkAddress === undefined ? {} : { networkAddress: values.networkAddress }),
    port: Number(values.port ?? newFormValues.port),
    database: values.database ?? "",
    user: values.user ?? "",
    signIn: byCertificate ? "certificate" : "password",
    tls,
    connectTimeoutMs: Number(values.connectTimeout ?? newFormValues.connectTimeout) * 1000,
    applicationName: values.applicationName ?? "",
    options: values.options ?? "",
    imported: {
      legacyId: entry.id,
      differences: [
        ...differences,
        ...(read.unknown.length + read.unsupported.length > 0 ? ["parameters-left-over"] : []),
      ],
      ...(leftOver.length === 0 ? {} : { leftOver }),
    },
  };
  const secrets = {
    ...secretsOf({
      password,
      clientKey: ssl.clientKey,
      keyPassphrase: ssl.keyPassphrase ?? read.keyPassphrase,
    }),
    // What has no field here, and may hold a secret, is kept as it was.
    ...(leftOver.length === 0 ? {} : secretsOf({ [unparsedSecret]: entry.connectionString })),
  };
  return imported(entry, meta, secrets);
}

/** Parameters that the old program ignored, or that have no field here. */
function leftOvers(read: LibpqString): readonly string[] {
  return [
    ...read.unknown.map(({ name, value }) => `${name}=${value}`),
    ...read.unsupported.map((name) => `${name}=${read.libpq[name] ?? "…"}`),
  ];
}

/** Kept to be fixed by hand: no host, and the text without its password for the person to read. */
function unparsedEntry(entry: Entry, now: Date): Imported {
  const meta = withNote(emptyMeta(entry, now), {
    legacyId: entry.id,
    differences: ["string-unreadable"],
    unparsed: redactString(entry.connectionString),
  });
  const certificates = {
    ...(text(entry.ssl?.ca) === undefined ? {} : { ca: entry.ssl?.ca ?? "", trust: "own" as const }),
    ...(text(entry.ssl?.cert) === undefined ? {} : { clientCertificate: entry.ssl?.cert ?? "" }),
  };
  const secrets = secretsOf({
    clientKey: text(entry.ssl?.key),
    keyPassphrase: text(entry.ssl?.passphrase),
    [unparsedSecret]: entry.connectionString,
  });
  const tls = { ...meta.tls, ...certificates, allowSelfSigned: entry.ssl?.rejectUnauthorized === false };
  return imported(entry, { ...meta, tls }, secrets);
}

/** An entry that does not even have the old program's shape: sealed as it is. */
function unreadableEntry(entry: unknown, now: Date): Imported {
  const known = z
    .object({
      id: z.string().catch(""),
      name: z.string().catch(""),
      connectionString: z.string().catch(""),
    })
    .catch({ id: "", name: "", connectionString: "" })
    .parse(entry);
  const meta = withNote(emptyMeta(known, now), {
    legacyId: known.id,
    differences: ["entry-unreadable"],
    unparsed: redactString(known.connectionString),
  });
  return imported(known, meta, secretsOf({ [unparsedSecret]: JSON.stringify(entry) ?? "" }));
}

function withNote(meta: ProfileMeta, note: ImportNote): ProfileMeta {
  return { ...meta, imported: note };
}

/** What every imported connection starts from. */
function emptyMeta(
  entry: { readonly name: string; readonly createdAt?: string | undefined },
  now: Date,
): ProfileMeta {
  const created = new Date(entry.createdAt ?? Number.NaN);
  return {
    ...metaOf({ ...newDraft(), name: entry.name }),
    createdAt: (Number.isNaN(created.getTime()) ? now : created).toISOString(),
    updatedAt: now.toISOString(),
  };
}

function imported(
  entry: { readonly id: string; readonly default?: boolean | undefined },
  meta: ProfileMeta,
  secrets: Record<string, Secret>,
): Imported {
  const id = randomId();
  return {
    record: { kind: profileKind, id, meta, secrets },
    legacyId: entry.id,
    wasDefault: entry.default === true,
  };
}

/** What the file held besides its connections: preferences, and which connection carried the star. */
function reportRecord(file: z.infer<typeof fileSchema>, profiles: readonly Imported[]): NewRecord {
  return {
    kind: "import",
    meta: {
      from: "cloak-db 0.3",
      preferences: file.preferences ?? null,
      connections: profiles.map(({ record, legacyId, wasDefault }) => ({
        id: record.id,
        legacyId,
        wasDefault,
      })),
    },
  };
}

function text(given: string | undefined): string | undefined {
  return given === undefined || given.trim() === "" ? undefined : given;
}

function secretsOf(values: Readonly<Record<string, string | undefined>>): Record<string, Secret> {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, new Secret(value)] as const],
  );
  return Object.fromEntries(entries);
}
