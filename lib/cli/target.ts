import "server-only";
import { randomInt } from "node:crypto";
import path from "node:path";
import { libpqEnvironment } from "#lib/env.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { type FormValues, type SslMode, tlsVersions } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { type LibpqReading, readLibpqParameters } from "#lib/strings/libpq/libpq-parameters.ts";
import { parseLibpqString } from "#lib/strings/libpq/parse-libpq-string.ts";
import { isUri, readUri } from "#lib/strings/libpq/uri.ts";
import type { Demands } from "#lib/wire/demands.ts";
import { carriedOut, type LibpqDemands, readDemands } from "./libpq-demands.ts";
import { readLibpqFiles } from "./libpq-files.ts";
import { libpqVariables } from "./libpq-variables.ts";
import { passwordFromFile } from "./password-file.ts";
import type { SavedConnections } from "./saved-connections.ts";
import { readService } from "./service-file.ts";
import { eachHost } from "./several-hosts.ts";
import { thisUser } from "./this-user.ts";

export interface Target {
  /** How the target is called in what is printed; never holds a secret. */
  readonly label: string;
  /** What to try, in turn, until one serves: most targets are one server. */
  readonly candidates: Result<readonly Candidate[]>;
}

export interface Candidate {
  readonly profile: ProfileDraft;
  readonly demands?: Demands;
}

/**
 * Makes a connection of what was typed: a libpq connection string, or the name of a saved connection.
 * @param number its place among the targets: the label of a string that cannot be read, which is never repeated
 */
export async function readTarget(
  text: string,
  number: number,
  saved: Pick<SavedConnections, "find">,
): Promise<Target> {
  const parsed = parseLibpqString(text);
  if (parsed.ok) return stringTarget(text, number);
  const named = await saved.find(text.trim());
  if (named.ok) return { label: named.value.name, candidates: ok([{ profile: named.value }]) };
  // A name that is not there and a string that cannot be read look alike: these signs make it a string.
  const isString = isUri(text.trimStart()) || text.includes("=") || text.includes("://");
  if (isString) return { label: `#${number}`, candidates: parsed };
  return { label: text.trim(), candidates: named };
}

/** libpq's order: the string, then its service, then the environment, then the usual values. */
async function stringTarget(text: string, number: number): Promise<Target> {
  const unread = (candidates: Failure): Target => ({ label: `#${number}`, candidates });
  const inString = isUri(text.trimStart()) ? readUri(text.trim()) : readKeywords(text.trimStart());
  if (!inString.ok) return unread(inString);
  const parameters = await withService(inString.value);
  if (!parameters.ok) return unread(parameters);
  const hosts = eachHost(parameters.value);
  if (!hosts.ok) return unread(hosts);
  const asked = readDemands(parameters.value);
  if (!asked.ok) return unread(asked);

  const readings: { reading: LibpqReading; values: FormValues }[] = [];
  for (const host of hosts.value) {
    const read = readLibpqParameters(host);
    if (!read.ok) return unread(read);
    readings.push({ reading: read.value.reading, values: withUsualValues(read.value.reading) });
  }
  const label = labelOf(readings.map(({ values }) => values));
  const profiles: ProfileDraft[] = [];
  for (const { reading, values } of readings) {
    const profile = await profileOf(reading, values, asked.value);
    if (!profile.ok) return { label, candidates: profile };
    profiles.push(profile.value);
  }
  return { label, candidates: ok(inTurn(profiles, asked.value)) };
}

type Failure = { readonly ok: false; readonly problem: Problem };

async function withService(
  inString: ReadonlyMap<string, string>,
): Promise<Result<ReadonlyMap<string, string>>> {
  const environment = libpqEnvironment();
  const variables = new Map(libpqVariables(environment));
  const file = variables.get("servicefile");
  // libpq 18 has the variable and no parameter of that name.
  variables.delete("servicefile");
  const service = inString.get("service") ?? variables.get("service");
  const merged = (inService: ReadonlyMap<string, string>) =>
    new Map([...variables, ...inService, ...inString]);
  if (service === undefined) return ok(merged(new Map()));
  const places = { file, home: thisUser().home, systemFolder: environment.PGSYSCONFDIR };
  const found = await readService(service, places);
  return found.ok ? ok(merged(found.value)) : found;
}

function inTurn(profiles: readonly ProfileDraft[], asked: LibpqDemands): readonly Candidate[] {
  const list = asked.inAnyOrder ? shuffled(profiles) : profiles;
  const all = list.map((profile): Candidate => ({ profile, demands: asked.demands }));
  if (!asked.prefersStandby) return all;
  const anything: Demands = { ...asked.demands, session: "any" };
  return [...all, ...list.map((profile): Candidate => ({ profile, demands: anything }))];
}

/** Fisher and Yates, as libpq does it. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(randomInt(left.length), 1));
}

function withUsualValues({ values }: LibpqReading): FormValues {
  const user = values.user ?? thisUser().name;
  return {
    ...newFormValues,
    // What libpq takes by default: TLS where it is offered, and nothing proved by it.
    mode: "prefer",
    host: values.networkAddress ?? "localhost",
    user,
    database: user,
    ...values,
  };
}

function labelOf(all: readonly FormValues[]): string {
  const places = all.map(({ host, port }) =>
    host.includes(":") ? `[${host}]:${port}` : `${encodeURIComponent(host)}:${port}`,
  );
  const { user = "", database = "" } = all[0] ?? {};
  return `postgres://${encodeURIComponent(user)}@${places.join(",")}/${encodeURIComponent(database)}`;
}

async function profileOf(
  reading: LibpqReading,
  values: FormValues,
  { withClient }: LibpqDemands,
): Promise<Result<ProfileDraft>> {
  const unsupported = reading.unsupported.filter((name) => !carriedOut.has(name));
  // What libpq itself does not know makes it stop; here, too.
  const foreign = reading.unknown.map(({ name }) => name).filter((name) => !(name in reading.libpq));
  if (unsupported.length > 0 || foreign.length > 0) {
    return failed(problem("string-parameter-unsupported", { parameters: [...unsupported, ...foreign] }));
  }
  const mode: SslMode = values.ssl ? values.mode : "disable";
  // libpq looks at the range though no TLS may be spoken.
  const { minVersion, maxVersion } = values;
  if (tlsVersions.indexOf(minVersion) > tlsVersions.indexOf(maxVersion))
    return failed(problem("tls-range-empty", { minVersion, maxVersion }));
  // libpq: host name must be specified for a verified SSL connection.
  if (mode === "verify-full" && reading.values.host === undefined && values.networkAddress !== "")
    return failed(problem("setting-invalid", { parameter: "host", reason: "host-missing" }));
  const files = await readLibpqFiles(mode, reading, thisUser().home, withClient);
  if (!files.ok) return files;
  const password = reading.password ?? (await storedPassword(reading, values));
  const form = await parseProfileForm({
    ...values,
    ...files.value,
    password: password ?? "",
    keyPassphrase: reading.keyPassphrase ?? "",
  });
  if (form.ok) return form;
  const [field, found] = Object.entries(form.problem.fields)[0] ?? [];
  if (found === undefined) return failed(form.problem.form ?? problem("setting-invalid"));
  return failed({ ...found, facts: { ...found.facts, ...(field === undefined ? {} : { field }) } });
}

async function storedPassword(reading: LibpqReading, values: FormValues): Promise<string | undefined> {
  const named = reading.paths.find(({ name }) => name === "passfile")?.value;
  const found = await passwordFromFile(named ?? path.join(thisUser().home, ".pgpass"), values);
  return found?.reveal();
}
