/** Why a block, or a text without one, cannot be used; each has words of its own under `pem-truncated` and `pem-unusable`. */
export type PemCause =
  /** Cut: no line with END, no line with BEGIN, nothing between, less than it says. */
  | "no-end"
  | "no-begin"
  | "empty"
  | "short"
  /** The line with END names something else. */
  | "other-end"
  /** Left out, covered or to be filled in by whoever showed it. */
  | "shortened"
  | "masked"
  | "placeholder"
  /** A sign that base64 has not. */
  | "sign"
  /** Base64, but not of what the frame says. */
  | "contents"
  /** No block at all, but something that stands for one. */
  | "path"
  | "variable"
  | "fingerprint"
  | "described"
  | "web-page";

export interface Trouble {
  /** Whether a part is missing, rather than wrong. */
  readonly cut: boolean;
  readonly facts: Readonly<Record<string, string | number>>;
}

interface Framed {
  readonly label: string;
  readonly endLabel: string | undefined;
  /** Between the lines, before anything was left out. */
  readonly body: string;
  readonly line: number;
}

/**
 * Why a block is not whole; undefined when it may be.
 * @param isDer whether it must be one DER element, as all are but OpenSSH's and those of the old encryption
 */
export function blockTrouble(framed: Framed, base64: string, isDer: boolean): Trouble | undefined {
  const { label, endLabel, body } = framed;
  const wrong = (cause: PemCause, more = {}) => ({ cut: false, facts: { cause, ...more } });
  const missing = (cause: PemCause) => ({ cut: true, facts: { cause, label } });
  if (endLabel !== undefined && endLabel !== label) return wrong("other-end", { label, end: endLabel });
  if (base64 === "") return missing(endLabel === undefined ? "no-end" : "empty");
  // Base64 that lost its line ends has longer words.
  if (/^\s*\w{1,20}(?: \w{1,20}){1,12}\s*$/.test(body)) return wrong("placeholder");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    if (/\.{3}|\b(?:snip|truncated|abridged)\b/i.test(body)) return wrong("shortened");
    if (/[*#\u2022\u25cf\u2588]{3}|redacted|\bmasked|\bhidden/i.test(body)) return wrong("masked");
    if (/<[^<>]{3,80}>|\{\{|\$\{|[a-z]{2,} [a-z]{2,} [a-z]{2,}/i.test(body)) return wrong("placeholder");
    if (endLabel === undefined) return missing("no-end");
    return wrong("sign", signIn(framed));
  }
  if (/^([x0*.])\1{7,}|([xX])\2{15,}/.test(base64)) return wrong("masked");
  if (/^(?:your|paste|insert|put|add)[a-z]{0,20}(?:cert|key|crl|here)/i.test(base64))
    return wrong("placeholder");
  if (endLabel === undefined) return missing("no-end");
  if (base64.length % 4 !== 0) return missing("short");
  if (!isDer) return undefined;
  // All of these are a SEQUENCE (X.690, 8.9), whose first base64 sign is therefore an M.
  if (!base64.startsWith("M")) return wrong("contents", { label });
  return bytesIn(base64) < derLength(base64) ? missing("short") : undefined;
}

/** What a text without any block seems to be; undefined when nothing is known of it. */
export function otherText(text: string): PemCause | undefined {
  const start = text.trim();
  if (/^<(?:!doctype|html|\?xml)\b/i.test(start)) return "web-page";
  if (/^["']?(?:\$\{?\w+\}?|%\w+%|\{\{.{1,200}\}\})["']?$/.test(start)) return "variable";
  if (
    start.length < 1024 &&
    /^["'@]?(?:file:\/{2,3}|[A-Za-z]:[\\/]|~?\/|\.{1,2}[\\/])[^\n]*\.\w{2,8}["']?$/.test(start)
  )
    return "path";
  if (start.length < 255 && /^["'@]?[\w. -]+\.(?:pem|crt|cer|key|p12|pfx|p7b|crl|der)["']?$/i.test(start))
    return "path";
  if (/^(?:sha-?\d*(?: fingerprint)?\s?[=:]\s?)?[\da-f]{2}(?:[: ][\da-f]{2}){15,63}$/i.test(start))
    return "fingerprint";
  if (/^(?:Certificate|Certificate Revocation List \(CRL\)|Private-Key|RSA Private-Key):/.test(start))
    return "described";
  return undefined;
}

/** The first sign that has no place in base64, and the line of the text that it stands in. */
function signIn({ body, line }: Framed): SignFound {
  const found = /[^\sA-Za-z0-9+/="'\\,;|[\]]/u.exec(body) ?? /=/.exec(body);
  return signAt(found?.[0] ?? "=", body.slice(0, found?.index), line);
}

/** The first letter of another alphabet, in a text whose frame cannot be made out because of it. */
export function strangeSign(text: string): SignFound | undefined {
  const found = /\P{ASCII}/u.exec(text);
  return found === null ? undefined : signAt(found[0], text.slice(0, found.index), 1);
}

interface SignFound {
  readonly sign: string;
  readonly line: number;
}

function signAt(found: string, before: string, line: number): SignFound {
  const code = found.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  const sign = code > 0x20 && code < 0x7f ? found : name;
  return { sign, line: line + before.split("\n").length - 1 };
}

function bytesIn(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}

/** How many bytes the outermost DER element claims to have, header included; 0 when it does not say (X.690, 8.1.3). */
function derLength(base64: string): number {
  const head = atob(base64.slice(0, 8));
  const first = head.charCodeAt(1);
  if (head.length < 2 || first < 0x80) return head.length < 2 ? 0 : first + 2;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || head.length < 2 + octets) return 0;
  let length = 0;
  for (let at = 0; at < octets; at += 1) length = length * 256 + head.charCodeAt(2 + at);
  return length + 2 + octets;
}
