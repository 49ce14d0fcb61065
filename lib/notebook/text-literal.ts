import type { LexicalRules } from "#lib/sql/tokens.ts";

/**
 * What a text in single quotes says: its parts together, its escapes read.
 * @param raw           as it stands in the statement, with what stands before its quote
 * @param unicodeEscape of `U&'…' UESCAPE '!'`
 */
export function decodedText(raw: string, rules: LexicalRules, unicodeEscape = "\\"): string {
  const quote = raw.indexOf("'");
  const prefix = raw.slice(0, quote).toLowerCase();
  const escapes = hasEscapes(prefix, rules);
  let value = "";
  for (let at = quote + 1; at < raw.length; ) {
    const sign = raw.charAt(at);
    if (escapes && sign === "\\") {
      escapeForm.lastIndex = at;
      const found = escapeForm.exec(raw);
      value += found === null ? raw.charAt(at + 1) : escaped(found[0]);
      at += found?.[0].length ?? 2;
    } else if (sign !== "'") {
      value += sign;
      at += 1;
    } else if (raw.charAt(at + 1) === "'") {
      value += "'";
      at += 2;
    } else {
      // Its end, or another part of it in another line.
      between.lastIndex = at + 1;
      const next = between.exec(raw);
      if (next === null) break;
      at = between.lastIndex;
    }
  }
  return prefix === "u&" ? unicode(value, unicodeEscape) : value;
}

/** What a name in double quotes says. @param raw as `decodedText` */
export function decodedName(raw: string, isOpen: boolean, unicodeEscape = "\\"): string {
  const isUnicode = /^u&/i.test(raw);
  const name = raw.slice(isUnicode ? 3 : 1, isOpen ? undefined : -1).replaceAll('""', '"');
  return isUnicode ? unicode(name, unicodeEscape) : name;
}

/** A text in quotes again, written in the manner of the one it takes the place of. */
export function encodedText(value: string, raw: string, rules: LexicalRules, unicodeEscape = "\\"): string {
  const prefix = raw.slice(0, raw.indexOf("'"));
  const doubled = value.replaceAll("'", "''");
  if (prefix.toLowerCase() === "u&")
    return `${prefix}'${doubled.replaceAll(unicodeEscape, unicodeEscape.repeat(2))}'`;
  return `${prefix}'${hasEscapes(prefix.toLowerCase(), rules) ? doubled.replaceAll("\\", "\\\\") : doubled}'`;
}

function hasEscapes(prefix: string, { standardConformingStrings }: LexicalRules): boolean {
  return prefix === "e" || ((prefix === "" || prefix === "n") && !standardConformingStrings);
}

const escapeForm = /\\(?:x[0-9a-f]{1,2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[0-7]{1,3}|[\s\S])/iy;
const between = /(?:\s|--[^\n\r]*)*[\n\r](?:\s|--[^\n\r]*)*'/y;

function escaped(form: string): string {
  const sign = form.charAt(1);
  if (/[0-7]/.test(sign)) return String.fromCharCode(Number.parseInt(form.slice(1), 8));
  if (form.length > 2) return codePoint(form.slice(2));
  return { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }[sign] ?? sign;
}

function unicode(value: string, sign: string): string {
  const mark = sign.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return value.replace(
    new RegExp(`${mark}(?:${mark}|\\+([0-9a-f]{6})|([0-9a-f]{4}))`, "gi"),
    (_, six?: string, four?: string) => ((six ?? four) === undefined ? sign : codePoint(six ?? four ?? "")),
  );
}

function codePoint(hex: string): string {
  const code = Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
