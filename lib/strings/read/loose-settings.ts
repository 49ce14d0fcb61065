import { parameterNamed } from "./parameter-names.ts";
import { isPostgresUrl } from "./settings-map.ts";

/**
 * Settings in the files of programs that are no language of their own to us: what they assign, by name, one map for each
 * block that may be a connection. systemd's `Environment=`, Dockerfile's `ENV`, fish's `set -x`, Terraform's blocks,
 * attributes and elements of XML, the options of a foreign server, and what a panel shows in two columns.
 */
export function looseSettings(text: string): readonly ReadonlyMap<string, string>[] {
  // What looks for the start of a line in many empty ones grows with the square of their number.
  const start = text.trimStart().replace(/\n\s*\n/g, "\n");
  if (start.startsWith("<")) return ofXml(start);
  if (/^\s*CREATE\s+SERVER\b/i.test(start)) return [pairs(start, /\b(\w{1,40})\s+'([^'\n]{0,400})'/g)];
  if (/^[ \t]*(?:resource|data|provider)[ \t]+"[^"\n]{1,100}"/m.test(start)) return ofHcl(start);
  const lines = start
    .split("\n")
    .slice(0, mostLines)
    .filter((line) => line.length <= longestLine);
  const assigned = new Map(lines.flatMap(assignments));
  if (assigned.size > 0) return [assigned];
  const columns = new Map(lines.flatMap(twoColumns));
  return columns.size > 1 ? [columns] : [];
}

const mostLines = 2000;
/** Longer lines are none of these; what looks for blanks in them grows with the square of their length. */
const longestLine = 1000;

function pairs(text: string, shape: RegExp): ReadonlyMap<string, string> {
  const found = [...text.matchAll(shape)].slice(0, mostLines);
  return new Map(found.map(([, name = "", value = ""]) => [name, value]));
}

/** `Environment="A=b" C=d`, `ENV A=b C=d`, `ENV A b`, `set -gx A b`. */
function assignments(line: string): readonly (readonly [string, string])[] {
  const head = /^\s*(?:Environment=|ENV\s+|ARG\s+|set\s+-(?:gx|x|Ux|xg)\s+)(.{1,1000})$/.exec(line);
  if (head === null) return [];
  const rest = head[1] ?? "";
  const apart = /^([A-Za-z_]\w{0,100})\s+(\S.*)$/.exec(rest);
  if (apart !== null && !apart[1]?.includes("=")) return [[apart[1] ?? "", unquoted(apart[2] ?? "")]];
  const words = [
    ...rest.matchAll(/"([A-Za-z_]\w{0,100})=([^"]*)"|([A-Za-z_]\w{0,100})=("[^"]*"|'[^']*'|\S*)/g),
  ];
  return words.map(([, quotedName, quotedValue, name, value]) => [
    quotedName ?? name ?? "",
    quotedValue ?? unquoted(value ?? ""),
  ]);
}

/** A name that connections have, and its value after a tab, a bar or more than one blank. */
function twoColumns(line: string): readonly (readonly [string, string])[] {
  const found =
    /^\s*\|?\s*([A-Za-z][A-Za-z _-]{1,30}?)\s*(?:\t|\||\s{2,})\s*(\S[^\t|]{0,400}?)\s*\|?\s*$/.exec(line);
  const name = found?.[1] ?? "";
  return parameterNamed(name) === undefined ? [] : [[name, found?.[2] ?? ""]];
}

/** Each block's own assignments, for those that speak of PostgreSQL. */
function ofHcl(text: string): readonly ReadonlyMap<string, string>[] {
  const blocks = text
    .split(/^(?=\s*(?:resource|data|provider|variable|output|module|locals)\b)/m)
    .slice(0, 200);
  return blocks
    .filter((block) => /postgres|aws_db_instance|aws_rds_cluster|google_sql|azurerm_/i.test(block))
    .map((block) =>
      pairs(block, /^[ \t]{0,40}(\w{1,60})[ \t]{0,60}=[ \t]{0,60}"?([^"\n]{0,400}?)"?[ \t]{0,40}$/gm),
    )
    .map(
      (found) => new Map([...found].filter(([, value]) => !/^(?:var|local|data|module)\.|\$\{/.test(value))),
    );
}

/** Each element that has a URL, with its attributes, `<property name value>` and `<name>value</name>` up to the next. */
function ofXml(text: string): readonly ReadonlyMap<string, string>[] {
  const parts = text
    .slice(0, 200_000)
    .split(/(?=<(?:bean|Resource|data-source|datasource|connection|persistence-unit|xa-datasource)\b)/i)
    .slice(0, 200);
  return parts
    .map(
      (part) =>
        new Map([
          ...pairs(part, /<([\w.-]{1,60})>\s{0,40}([^<>\s][^<>]{0,400}?)\s{0,40}<\//g),
          ...pairs(part, /\s([\w.:-]{1,60})="([^"<>]{0,400})"/g),
          ...pairs(part, /\bname="([^"]{1,100})"\s{1,40}value="([^"]{0,400})"/g),
        ]),
    )
    .map((settings) => new Map([...settings].map(([name, value]) => [nameInXml(name), plainText(value)])))
    .filter((settings) => [...settings.values()].some(isPostgresUrl));
}

/** `jdbc-url`, `javax.persistence.jdbc.url`, `user-name`: by their last words. */
function nameInXml(name: string): string {
  const last = name.replace(/^.*[.:](?=[\w-]+$)/, "").replace(/^jdbc[-_]?(?=ur[il]$)/i, "");
  return /^(?:connection-)?ur[il]$/i.test(last) ? "url" : last.replace(/^user-?name$/i, "username");
}

function plainText(value: string): string {
  return value
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, "$2");
}
