import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { readKeywords } from "#lib/strings/libpq/keywords.ts";
import { readJson } from "#lib/yaml/read-json.ts";
import { readYaml } from "#lib/yaml/read-yaml.ts";
import type { Tree } from "#lib/yaml/tree.ts";
import { isAdoNet, readAdoNet } from "./ado-net.ts";
import { isCode, pdo, readCode, readObjects } from "./code-forms.ts";
import { isKubernetesSecret, readConfigTree, readKubernetesSecret } from "./config-tree.ts";
import { isDBeaver, readDBeaver } from "./dbeaver-sources.ts";
import { isEnvFile, readEnvFile } from "./env-file.ts";
import { looseSettings } from "./loose-settings.ts";
import { misleadingForm, otherForm } from "./other-forms.ts";
import { underLibpqNames } from "./parameter-names.ts";
import { hasPastedSigns } from "./pasted-signs.ts";
import { isPgAdmin, readPgAdmin } from "./pgadmin-servers.ts";
import { isPgpass, readPgpass } from "./pgpass-lines.ts";
import { isCommandLine, readCommandLines } from "./psql-line.ts";
import { finishConnection, type RawConnection, type ReadConnection } from "./raw-connection.ts";
import { isServiceFile, readServiceFile } from "./service-file.ts";
import { connectionsAmong, type Found } from "./settings-map.ts";
import type { TlsDraft } from "./tls-words.ts";
import { isEndpoint, isUrl, readEndpoint, readUrl } from "./url-forms.ts";
import { readKeywordTls } from "./url-tls.ts";
import { readWithPlainSigns } from "./with-plain-signs.ts";

export type { ReadConnection } from "./raw-connection.ts";

/** No file of connections comes near; what is longer was pasted by mistake. */
const longest = 1_048_576;
/** The same, for what is one connection. */
const longestString = 65_536;
/** More are taken in several pastes. */
export const mostConnections = 200;

/**
 * Reads every connection that a text holds, whatever form it is written in: it is recognised from the text alone.
 * The time it takes grows with the length of the text and no faster (`npm run bench -- read-strings`).
 * @param text as pasted; blanks, quotation marks and code fences around it do not count
 * @returns at least one connection, each with its own problem where it cannot be read; `string-malformed` or
 *   `string-unknown-form` for the text as a whole. It never throws, and no problem repeats a part of the text that
 *   could be a secret.
 */
export function readConnections(text: string): Result<readonly ReadConnection[]> {
  if (text.length > longest) return malformed("too-long");
  if (text.includes("\0")) return malformed("forbidden-character", text.indexOf("\0"));
  const plain = unwrapped(text);
  if (plain.trim() === "") return malformed("empty");
  return hasPastedSigns(plain) ? readWithPlainSigns(plain, readPlain) : readPlain(plain);
}

function readPlain(text: string): Result<readonly ReadConnection[]> {
  const misleading = misleadingForm(text);
  if (misleading !== undefined) return unknownForm("other-form", misleading);
  const found = recognisedOrLoose(text);
  const named = isNothing(found) ? otherForm(text) : undefined;
  if (named !== undefined) {
    const seen = found.ok ? undefined : found.problem.facts.looksLike;
    return unknownForm(typeof seen === "string" ? seen : "other-form", named);
  }
  if (!found.ok) return found;
  if (found.value.length === 0) return unknownForm("nothing-known");
  const finished = found.value.slice(0, mostConnections).map(({ name, read }) => ({
    name: name.slice(0, 200),
    read: read.ok ? finishConnection(read.value) : read,
  }));
  const other = finished.every(({ read }) => !read.ok && meansNothing(read.problem))
    ? otherForm(text)
    : undefined;
  return other === undefined ? ok(finished) : unknownForm("other-form", other);
}

/** What the files of programs assign, where no form of connections is in them. */
function settingsOf(text: string): readonly Found[] {
  if (text.length > longestString * 4) return [];
  return looseSettings(text)
    .flatMap((settings) => connectionsAmong(settings, "env", true))
    .slice(0, mostConnections);
}

/** XML says by its elements and attributes what stands beside a URL; in anything else those are the last to be asked. */
function recognisedOrLoose(text: string): Result<readonly Found[]> {
  const isXml = text.trimStart().startsWith("<");
  const known = isXml ? ok([]) : recognised(text);
  if (!isNothing(known)) return known;
  const loose = settingsOf(text);
  if (loose.length > 0) return ok(loose);
  return isXml ? recognised(text) : known;
}

function isNothing(found: Result<readonly Found[]>): boolean {
  if (!found.ok) return meansNothing(found.problem);
  return found.value.every(({ read }) => !read.ok && meansNothing(read.problem));
}

/** Whether a problem says no more than that the text is nothing that is known. */
function meansNothing({ code, facts }: Problem): boolean {
  return code === "string-unknown-form" || (code === "string-malformed" && facts.reason === "no-equals");
}

function recognised(text: string): Result<readonly Found[]> {
  const start = text.trimStart();
  if (isUrl(start)) return urls(start.trim());
  if (isEndpoint(start.trim())) return one(readEndpoint(start.trim()));
  if (start.startsWith("{") || start.startsWith("[")) {
    const tree = readJson(text);
    if (tree !== undefined) return ok(fromTrees([tree]));
  }
  if (/^[ \t]*(?:apiVersion|kind)\s*:/m.test(text)) {
    const manifest = readYaml(text);
    return manifest.ok ? ok(fromTrees(manifest.value)) : manifest;
  }
  if (text.length <= longestString) {
    if (/^pgsql:\w+=/i.test(start)) return one(pdo(start.trim(), undefined, undefined));
    if (isCommandLine(text)) return ok(readCommandLines(text).map((read) => ({ name: "", read })));
    if (isCode(text)) {
      const found = readCode(text);
      if (found.length > 0) return ok(found);
    }
  }
  if (isServiceFile(text)) {
    const found = readServiceFile(text);
    if (found.length > 0) return ok(found);
  }
  if (isAdoNet(start)) return one(readAdoNet(start));
  if (isPgpass(text)) return ok(readPgpass(text));
  if (text.length <= longestString && looksLikeKeywords(start)) return one(readKeywordString(start));
  // Rails' database.yml, Spring's application.yml, a Compose file.
  const yaml = looksLikeYaml(text) ? readYaml(text) : undefined;
  if (yaml?.ok) {
    const configured = yaml.value.flatMap((tree) => readConfigTree(tree));
    if (configured.length > 0) return ok(configured);
  }
  if (isEnvFile(text) && (yaml === undefined || yaml.ok || maySayMoreThanYaml(text, yaml.problem))) {
    const found = readEnvFile(text);
    if (found.length > 0) return ok(found);
  }
  if (text.length <= longestString) {
    const found = readObjects(text);
    if (found.length > 0) return ok(found);
    const inProse = urlInProse(text);
    if (inProse !== undefined) return one(readUrl(inProse));
    if (yaml?.ok === false) return yaml;
    if (/^\w+\s*=/.test(start.slice(0, 200))) return one(readKeywordString(start));
  } else return malformed("too-long");
  return unknownForm(/^\w+\s*[=:]/.test(start.slice(0, 200)) ? "nothing-known" : "prose");
}

/**
 * Lines of names with colons, and none that is assigned to with `=`, which the last line of base64 only looks like; not
 * a piece of a program's map.
 */
function looksLikeYaml(text: string): boolean {
  return (
    !/^\s*["'][\w-]{1,100}["']\s*:\s*\{/.test(text) &&
    /^[ \t]{0,200}(?:- {1,20})?(?:"[^"\n]{1,100}"|'[^'\n]{1,100}'|[\w.<-][\w. /-]{0,60})[ \t]{0,9}:(?:[ \t]|$)/m.test(
      text,
    ) &&
    !/^[ \t]{0,200}(?:export[ \t]{1,9})?[A-Za-z_][\w.-]{0,100}[ \t]{0,20}=(?!=?[ \t]*$)/m.test(text)
  );
}

/**
 * Whether lines may be read one by one although they break YAML's rules: what a panel shows, copied with its headings.
 * Not where they use something of YAML's that is not read, or stand in maps of their own.
 */
function maySayMoreThanYaml(text: string, trouble: Problem): boolean {
  const isSyntax = /^(?:indentation|colon|quote-open|bracket-open|sign|tab)$/.test(
    String(trouble.facts.reason),
  );
  return isSyntax && !/^[ \t]*[\w"'.-]+:[ \t]*\n[ \t]+\S/m.test(text);
}

/** What people copy along: a code fence, quotation marks around the whole, a byte-order mark. */
function unwrapped(text: string): string {
  const bare = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const start = bare.trimStart();
  if (start.startsWith("```")) {
    const first = start.indexOf("\n");
    const last = start.lastIndexOf("```");
    if (first > 0 && last > first) return start.slice(first + 1, last);
  }
  const quote = start.charAt(0);
  const end = start.trimEnd();
  const isQuoted = (quote === '"' || quote === "'" || quote === "`") && end.length > 2 && end.endsWith(quote);
  const inner = end.slice(1, -1);
  return isQuoted && !inner.includes(quote) ? inner : bare;
}

/** One URL, or one on each line. */
function urls(text: string): Result<readonly Found[]> {
  const lines = text.split("\n").map((line) => line.trim());
  const given = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (given.length > 1 && given.every((line) => isUrl(line) && line.length <= longestString)) {
    return ok(given.slice(0, mostConnections).map((line) => ({ name: "", read: readUrl(line) })));
  }
  return text.length > longestString ? malformed("too-long") : one(readUrl(withoutLineEnd(text)));
}

/** The one URL of a sentence, less the signs that end the sentence. */
function urlInProse(text: string): string | undefined {
  const found = [...text.matchAll(/(?<![\w+:])(?:jdbc:)?(?:postgres|postgresql):\/\/[^\s"'<>`]{1,4000}/gi)];
  const [url] = found[0] ?? [];
  if (url === undefined || found.length > 1) return undefined;
  return /[?&]\w*(?:password|passwd|pwd)=[^&]*$/i.test(url) ? url : url.replace(/[.,;:!?)\]]+$/, "");
}

/** A quote or semicolon at the end comes from a line of a program; but not where a password stands last. */
function withoutLineEnd(text: string): string {
  const isSecretLast = /[?&;](?:[\w.-]*(?:password|passwd|pwd|pass))=[^&]*$/i.test(text.slice(-4000));
  return isSecretLast ? text : text.replace(/["'`]?[;,]?$/, "");
}

function fromTrees(trees: readonly Tree[]): readonly Found[] {
  return trees.flatMap((tree) => {
    if (isPgAdmin(tree)) return readPgAdmin(tree);
    if (isDBeaver(tree)) return readDBeaver(tree);
    return isKubernetesSecret(tree) ? readKubernetesSecret(tree) : readConfigTree(tree);
  });
}

/** A keyword string begins with one of libpq's names; an environment file's are in capitals. */
function looksLikeKeywords(text: string): boolean {
  const name = /^([a-z_]{1,40})\s{0,20}=/.exec(text.slice(0, 80))?.[1];
  return name !== undefined && firstNames.has(name);
}

const firstNames: ReadonlySet<string> = new Set(
  "host hostaddr port dbname user password sslmode sslrootcert sslcert sslkey sslcrl service application_name connect_timeout options channel_binding sslnegotiation target_session_attrs passfile sslpassword sslsni client_encoding gssencmode require_auth load_balance_hosts keepalives".split(
    " ",
  ),
);

function readKeywordString(text: string): Result<RawConnection> {
  const read = readKeywords(text);
  if (!read.ok) return read;
  const draft: TlsDraft = { parameters: withoutQuotes(underLibpqNames(read.value)), change: {}, notes: [] };
  readKeywordTls(draft);
  return ok({ form: "keywords", ...draft });
}

/** `host = "db.example.com"`, as HCL and TOML write it: libpq knows no such quotes, but nothing is named with them. */
function withoutQuotes(parameters: Map<string, string>): Map<string, string> {
  const host = parameters.get("host") ?? "";
  if (!/^".*"$/.test(host)) return parameters;
  return new Map([...parameters].map(([name, value]) => [name, value.replace(/^"(.*)"$/s, "$1")]));
}

function one(read: Result<RawConnection>): Result<readonly Found[]> {
  return read.ok ? ok([{ name: read.value.name ?? "", read }]) : read;
}

type Failure = { readonly ok: false; readonly problem: Problem };

function malformed(reason: string, position?: number): Failure {
  return failed(problem("string-malformed", position === undefined ? { reason } : { reason, position }));
}

function unknownForm(looksLike: string, name?: string): Failure {
  return failed(problem("string-unknown-form", name === undefined ? { looksLike } : { looksLike, name }));
}
