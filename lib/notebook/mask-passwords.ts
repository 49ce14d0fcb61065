import { type LexicalRules, nextToken, type Token, tokens, usualRules } from "#lib/sql/tokens.ts";
import { maskSecretsInText, maskTokens, secretMark } from "./mask-secrets-in-text.ts";
import { decodedName, decodedText, encodedText } from "./text-literal.ts";

/**
 * A script with its passwords, keys and tokens left out, so that it may be kept: what is a secret becomes `[secret]`, all
 * else stays as it is, sign by sign, and it is taken apart into the same statements as before. Nobody can tell every
 * secret from a text: what is named like one, looks like one or stands where one is said is taken, too much rather than
 * too little.
 * @param rules how the session reads quotes
 */
export function maskPasswords(sql: string, rules: LexicalRules = usualRules): string {
  return mayHold.test(sql) ? masked(sql, rules, 0) : sql;
}

/** Most statements have nothing of this, and are not taken apart; escapes may write anything. */
const mayHold =
  /pass|pwd|secret|token|key|cred|auth|ident|crypt|hmac|:\/\/|\beyJ|\b(?:AKIA|ASIA|gh[opsur]_|xox|glpat|sk[-_]|AIza)|SCRAM-|PRIVATE|[A-Za-z0-9/+]{40}|\be'[^']*\\|\bu&/i;

/** Texts in texts in texts: deeper ones are left out whole. */
const deepest = 6;

function masked(sql: string, rules: LexicalRules, depth: number): string {
  const all = [...tokens(sql, rules)];
  const said = all.filter(({ kind }) => kind !== "comment");
  const reader = new Reader(sql, said, rules);
  reader.read();
  const pieces: string[] = [];
  let at = 0;
  for (const token of all) {
    if (token.start < at) continue;
    const put = reader.replaced.get(token) ?? withinToken(sql, token, rules, depth);
    if (put === undefined) continue;
    const end = reader.until !== undefined && reader.until.from === token ? sql.length : token.end;
    // Two texts side by side would be one.
    const before = isQuote(sql.charAt(token.start - 1)) && isQuote(put.charAt(0)) ? " " : "";
    const after = isQuote(sql.charAt(end)) && isQuote(put.at(-1) ?? "") ? " " : "";
    pieces.push(sql.slice(at, token.start), before, put, after);
    at = end;
  }
  pieces.push(sql.slice(at));
  return maskTokens(pieces.join(""));
}

function isQuote(sign: string): boolean {
  return sign === "'" || sign === '"';
}

/** What is left of a token whose inside holds a secret; undefined where it holds none. */
function withinToken(sql: string, token: Token, rules: LexicalRules, depth: number): string | undefined {
  const raw = sql.slice(token.start, token.end);
  if (token.kind === "comment") {
    const put = inside(raw, "prose", rules, depth);
    if (put === raw) return undefined;
    const [only, other] = tokens(put);
    if (only?.kind === "comment" && other === undefined && only.open === token.open) return put;
    return raw.startsWith("--") ? `-- ${secretMark}` : `/* ${secretMark} */`;
  }
  if (token.kind === "command") {
    const put = maskSecretsInText(raw, "prose");
    return put === raw ? undefined : put;
  }
  if (token.kind === "dollar-text") {
    const mark = raw.slice(0, raw.indexOf("$", 1) + 1);
    const content = raw.slice(mark.length, token.open ? undefined : -mark.length);
    const put = inside(content, isKeywordString.test(content) ? "prose" : "code", rules, depth);
    return put === content ? undefined : `${mark}${put}${token.open ? "" : mark}`;
  }
  if (token.kind !== "text") return undefined;
  const mark = unicodeEscapeOf(sql, token, rules);
  const value = decodedText(raw, rules, mark);
  const put = inside(value, "prose", rules, depth);
  return put === value ? undefined : encodedText(put, raw, rules, mark);
}

/** `host=a password=b`: a whole connection string, and no program. */
const isKeywordString =
  /^\s*[A-Za-z_]+\s*=\s*(?:'(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)+)(?:\s+[A-Za-z_]+\s*=\s*(?:'(?:[^'\\]|\\.)*'|(?:[^\s'\\]|\\.)+))*\s*$/;

/** A text may be SQL itself, as that of EXECUTE or DO is; so may be what is left out by a comment, if it reads as such. */
function inside(text: string, kind: "prose" | "code", rules: LexicalRules, depth: number): string {
  if (!mayHold.test(text)) return text;
  if (depth >= deepest) return secretMark;
  const found = /^(--|\/\*|)([\s\S]*?)(\*\/|)$/.exec(text);
  const isComment = found?.[1] !== "";
  const [, before = "", inner = "", after = ""] = isComment ? (found ?? []) : ["", "", text];
  const plain = maskSecretsInText(inner, kind);
  const reads = !isComment || [...tokens(plain, rules)].every(({ open }) => open !== true);
  return `${before}${reads ? masked(plain, rules, depth + 1) : plain}${after}`;
}

/** `U&'…' UESCAPE '!'`, `U&"…" UESCAPE '!'`. */
function unicodeEscapeOf(sql: string, token: Token, rules: LexicalRules): string | undefined {
  if (!/^u&/i.test(sql.slice(token.start, token.start + 2))) return undefined;
  const word = nextSaid(sql, token.end, rules);
  if (word === undefined || sql.slice(word.start, word.end).toLowerCase() !== "uescape") return undefined;
  const sign = nextSaid(sql, word.end, rules);
  return sign?.kind === "text" ? sql.charAt(sign.start + 1) : undefined;
}

function nextSaid(sql: string, from: number, rules: LexicalRules): Token | undefined {
  let token = nextToken(sql, from, rules);
  while (token?.kind === "comment") token = nextToken(sql, token.end, rules);
  return token;
}

/** Finds the tokens that are secrets because of what stands before them. */
class Reader {
  readonly replaced = new Map<Token, string>();
  /** From here on quotes are in disorder: all that follows may belong to the secret. */
  until: { readonly from: Token } | undefined;
  readonly #sql: string;
  readonly #said: readonly Token[];
  readonly #rules: LexicalRules;
  /** The first words of the statement. */
  #first: string[] = [];
  /** Names up to here were looked at together. */
  #listed = 0;
  /** What is nested so deeply that it would take too long to tell is left out whole. */
  #steps: number;

  constructor(sql: string, said: readonly Token[], rules: LexicalRules) {
    this.#sql = sql;
    this.#said = said;
    this.#rules = rules;
    this.#steps = 1_000 + 100 * said.length;
  }

  read(): void {
    for (let at = 0; at < this.#said.length; at += 1) {
      const token = this.#said[at] as Token;
      if (this.#is(at, ";")) this.#first = [];
      else if (token.kind === "word" && this.#first.length < 6) this.#first.push(this.#nameAt(at));
      if (this.#steps < 0) this.#maskText(at);
      else if (token.kind === "word" || token.kind === "name") this.#takeName(at);
      else if (token.kind === "text" || token.kind === "dollar-text") this.#takeText(at);
      else if (this.#is(at, "(")) this.#takeList(at);
    }
  }

  get #end(): number {
    return this.#steps < 0 ? 0 : this.#said.length;
  }

  #takeName(at: number): void {
    const name = this.#nameAt(at);
    if (name === "identified") {
      const by = [1, 2, 3].find((step) => this.#nameAt(at + step) === "by");
      if (by !== undefined) this.#maskAny(at + by + 1);
      return;
    }
    const isCall = this.#is(at + 1, "(");
    const places = isCall ? secretArguments.get(name) : undefined;
    if (places !== undefined) this.#maskArguments(at + 2, (place) => places.includes(place));
    if (isCall && pairFunctions.has(name)) this.#maskPairs(at + 2);
    if (!isSecretName(name) || at < this.#listed) return;
    const next = this.#said[at + 1];
    if (isCall) this.#maskArguments(at + 2, () => true);
    else if (next?.kind === "text" || next?.kind === "dollar-text") this.#maskAny(at + 1);
    else if (name === "password" && this.#isOfRole() && this.#nameAt(at + 1) !== "null") {
      if (next !== undefined && next.kind !== "sign" && next.kind !== "parameter") this.#maskAny(at + 1);
    }
    const compared = this.#afterSubject(at + 1);
    if (this.#isComparison(compared)) this.#maskExpression(compared + 1);
    else if (this.#isOfTable() || this.#first[0] === "set") this.#maskExpression(at + 1);
  }

  /** `create user`, `alter role`. */
  #isOfRole(): boolean {
    const [verb, ...others] = this.#first;
    return (verb === "create" || verb === "alter") && ["role", "user", "group"].includes(others[0] ?? "");
  }

  #isOfTable(): boolean {
    const [verb, ...others] = this.#first;
    return (verb === "create" || verb === "alter") && others.slice(0, 3).includes("table");
  }

  /** Where the operator stands: after casts, collations, escapes and the parentheses around a name. */
  #afterSubject(from: number): number {
    let at = from;
    for (;;) {
      if (this.#is(at, ")") || this.#is(at, "]")) at += 1;
      else if (this.#is(at, ":") && this.#is(at + 1, ":")) at += 3;
      else if (["collate", "uescape"].includes(this.#nameAt(at))) at += 2;
      else return at;
    }
  }

  #isComparison(at: number): boolean {
    const token = this.#said[at];
    if (token?.kind === "word") return comparing.has(this.#nameAt(at));
    return token?.kind === "sign" && "=:<>!~|".includes(this.#sql.charAt(token.start));
  }

  /** A text that is compared with a secret, or that ends where one would follow. */
  #takeText(at: number): void {
    const token = this.#said[at] as Token;
    if (this.replaced.has(token)) return;
    const after = this.#afterSubject(at + 1);
    if ((this.#is(after, "=") || this.#nameAt(after) === "as") && this.#endsInSecret(after + 1)) {
      this.#maskAny(at);
      return;
    }
    const value = this.#valueOf(token);
    // `data->>'password' = '…'`; `jsonb_set(data, '{password}', '…')`.
    const path = /^\{(?:.*,)?([^,]*)\}$/.exec(value)?.[1];
    if (path !== undefined && isSecretName(path.trim()) && this.#is(after, ","))
      this.#maskExpression(after + 1);
    else if (isSecretName(value) && this.#isComparison(after)) this.#maskExpression(after + 1);
    if (!announces.test(value)) return;
    let depth = 0;
    for (let next = at + 1; next < this.#end && !this.#is(next, ";"); next += 1) {
      if (this.#is(next, "(")) depth += 1;
      else if (this.#is(next, ")")) {
        depth -= 1;
        if (depth < 0) return;
      } else if (depth === 0 && ending.has(this.#nameAt(next))) return;
      else this.#maskText(next);
    }
  }

  /** `u.password`. */
  #endsInSecret(from: number): boolean {
    let at = from;
    while (this.#is(at + 1, ".")) at += 2;
    return this.#nameAt(at) !== "" && isSecretName(this.#nameAt(at)) && !this.#is(at + 1, "(");
  }

  /** `(name, password) values ('a', 'b')`, `(name, password) = ('a', 'b')`, `(name, password) select 'a', 'b'`. */
  #takeList(from: number): void {
    const secret = new Set<number>();
    let at = from + 1;
    for (let place = 0; ; place += 1, at += 2) {
      const name = this.#nameAt(at);
      if (name === "") return;
      if (isSecretName(name)) secret.add(place);
      if (this.#is(at + 1, ")")) break;
      if (!this.#is(at + 1, ",")) return;
    }
    if (secret.size === 0) return;
    if (at > from + 1) this.#listed = at + 1;
    at += 2;
    while (["overriding", "system", "user", "value"].includes(this.#nameAt(at))) at += 1;
    const isSecret = (place: number) => secret.has(place);
    if (this.#nameAt(at) === "select") {
      this.#maskArguments(at + 1, isSecret);
      return;
    }
    if (this.#nameAt(at) !== "values" && !this.#is(at, "=")) return;
    at += 1;
    while (this.#is(at, "(") || this.#nameAt(at) === "row") {
      if (!this.#is(at, "(")) at += 1;
      at = this.#maskArguments(at + 1, isSecret) + 1;
      if (!this.#is(at, ",")) return;
      at += 1;
    }
  }

  /** Masks what stands at such places of a list. @returns where the list ends */
  #maskArguments(from: number, isSecret: (place: number) => boolean): number {
    let depth = 0;
    let place = 0;
    for (let at = from; at < this.#end; at += 1) {
      if (this.#is(at, "(") || this.#is(at, "[")) depth += 1;
      else if (this.#is(at, ")") || this.#is(at, "]")) {
        if (depth === 0) return at;
        depth -= 1;
      } else if (this.#is(at, ";")) return at;
      else if (depth === 0 && this.#is(at, ",")) place += 1;
      else if (depth === 0 && this.#nameAt(at) === "from") return at;
      else if (isSecret(place)) this.#maskText(at, depth === 0);
    }
    return this.#said.length;
  }

  /** `set_config('my.password', 'secret', true)`, `json_build_object('password', 'secret')`. */
  #maskPairs(from: number): void {
    let secret = -1;
    let [depth, place] = [0, 0];
    for (let at = from; at < this.#end; at += 1) {
      if (this.#is(at, "(")) depth += 1;
      else if (this.#is(at, ")")) {
        depth -= 1;
        if (depth < 0) return;
      } else if (this.#is(at, ";")) return;
      else if (depth === 0 && this.#is(at, ",")) place += 1;
      else if (place === secret) this.#maskText(at, depth === 0);
      else if (this.#said[at]?.kind === "text" && place % 2 === 0) {
        const name = this.#valueOf(this.#said[at] as Token).toLowerCase();
        if (isSecretName(name.slice(name.lastIndexOf(".") + 1))) secret = place + 1;
      }
    }
  }

  /** What a secret is compared with or set to: every text of it. */
  #maskExpression(from: number): void {
    let [depth, cases] = [0, 0];
    for (let at = from; at < this.#end && !this.#is(at, ";"); at += 1) {
      const name = this.#said[at]?.kind === "word" ? this.#nameAt(at) : "";
      if (this.#is(at, "(") || this.#is(at, "[")) depth += 1;
      else if (this.#is(at, ")") || this.#is(at, "]")) {
        depth -= 1;
        if (depth < 0) return;
      } else if (name === "case") cases += 1;
      else if (name === "end" && cases > 0) cases -= 1;
      else if (depth === 0 && cases === 0 && (this.#is(at, ",") || ending.has(name))) return;
      else this.#maskText(at, true);
    }
  }

  #maskText(at: number, numbers = false): void {
    const token = this.#said[at];
    const isText = token?.kind === "text" || token?.kind === "dollar-text";
    if (isText || (numbers && token?.kind === "number" && this.#said[at - 1]?.kind !== "text")) {
      this.#maskAny(at);
    }
  }

  #maskAny(at: number): void {
    const token = this.#said[at];
    if (token === undefined || this.#is(at, ";")) return;
    const quote = token.kind === "name" ? '"' : "'";
    this.replaced.set(token, `${quote}${secretMark}${token.open ? "" : quote}`);
    const next = this.#said[at + 1];
    // `'it's me'`: quotes that do not pair, so that nobody can tell where the secret ends.
    const isTorn = next !== undefined && next.start === token.end && next.kind !== "sign";
    if (isTorn && token.kind !== "number") this.until ??= { from: token };
  }

  #valueOf(token: Token): string {
    const raw = this.#sql.slice(token.start, token.end);
    if (token.kind === "text")
      return decodedText(raw, this.#rules, unicodeEscapeOf(this.#sql, token, this.#rules));
    const mark = raw.indexOf("$", 1) + 1;
    return raw.slice(mark, token.open ? undefined : -mark);
  }

  /** A word or name as the server has it; empty for anything else. */
  #nameAt(at: number): string {
    const token = this.#said[at];
    if (token?.kind === "word") return this.#sql.slice(token.start, token.end).toLowerCase();
    if (token?.kind !== "name") return "";
    const raw = this.#sql.slice(token.start, token.end);
    const mark = unicodeEscapeOf(this.#sql, token, this.#rules);
    return decodedName(raw, token.open === true, mark).toLowerCase();
  }

  #is(at: number, sign: string): boolean {
    this.#steps -= 1;
    const token = this.#said[at];
    return token?.kind === "sign" && this.#sql.charAt(token.start) === sign;
  }
}

/** A column, option or variable that holds a secret; `password_encryption` and `password_required` hold none. */
function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const secretName =
  /(?:^|[_.\s-]|[a-z](?=pass|pwd|secret|token))(?:password|passwd|passwort|passphrase|passcode|pass|pwd|secret|token|api[_-]?key|apikey|(?:secret|access|private|encryption|signing)[_-]?key(?:[_-]?id)?|credentials?)(?:[_-](?:hash|digest|value|text|plain|enc|encrypted))?$/i;

/** Words between a name and what it is compared with or set to. */
const comparing = new Set([
  "between",
  "when",
  "to",
  "is",
  "in",
  "like",
  "ilike",
  "similar",
  "not",
  "operator",
  "set",
  "default",
]);

/** Words that end an expression outside of parentheses. */
const ending = new Set(
  "where from and or returning on then else when order group limit union having into using window".split(" "),
);

/** `'… password '` or `'password='`, as it stands before `||`, and `format('… password %L', …)`. */
const announces =
  /(?:password|passwd|passphrase|pwd|secret|token|api_?key|identified\s+by)["']?(?:\s*(?:=>?|:=?)\s*["']?|\s+(?:to\s+)?["']?|["'])(?:$|%(?:\d+\$)?-?\d*[Ls])/i;

/** Which arguments of a function are secrets. */
const secretArguments = new Map<string, readonly number[]>([
  ["crypt", [0]],
  ["pgp_sym_encrypt", [1]],
  ["pgp_sym_encrypt_bytea", [1]],
  ["pgp_sym_decrypt", [1]],
  ["pgp_sym_decrypt_bytea", [1]],
  ["pgp_pub_decrypt", [1, 2]],
  ["pgp_pub_decrypt_bytea", [1, 2]],
  ["encrypt", [1]],
  ["decrypt", [1]],
  ["encrypt_iv", [1]],
  ["decrypt_iv", [1]],
  ["hmac", [1]],
  ["create_secret", [0]],
  ["update_secret", [1]],
]);

const pairFunctions = new Set(["set_config", "json_build_object", "jsonb_build_object", "hstore"]);
