/** One text of a manifest and the name it stands under: `ca.crt` and its content. */
export interface NamedScalar {
  readonly name: string;
  readonly value: string;
}

/** Whether a text looks like a Kubernetes manifest (a Secret, a ConfigMap, a list of them) or a kubeconfig. */
export function looksLikeManifest(text: string): boolean {
  return /^[ \t]*(- +)?["']?(apiVersion|kind|data|stringData|clusters|users)["']?[ \t]*:/m.test(text);
}

/** Far beyond any manifest: what comes after is left unread. */
const mostScalars = 2000;
const mostLines = 40_000;

/**
 * The texts of a YAML or JSON document with their names, wherever they stand in it. Of YAML it reads what
 * `kubectl` writes and people write by hand: plain and quoted scalars, over several lines too, and block scalars.
 * It keeps no structure and builds no objects, so no document can make it do more work than its length.
 */
export function namedScalars(text: string): readonly NamedScalar[] {
  const json = jsonScalars(text);
  return json ?? yamlScalars(text);
}

function jsonScalars(text: string): readonly NamedScalar[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found: NamedScalar[] = [];
  const waiting: { readonly name: string; readonly value: unknown }[] = [{ name: "", value: root }];
  for (let next = waiting.pop(); next !== undefined && found.length < mostScalars; next = waiting.pop()) {
    const { name, value } = next;
    if (typeof value === "string") found.push({ name, value });
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value).reverse()) waiting.push({ name: key, value: inner });
    }
  }
  return found;
}

function yamlScalars(text: string): readonly NamedScalar[] {
  const lines = text.split(/\r?\n/, mostLines);
  const found: NamedScalar[] = [];
  for (let at = 0; at < lines.length && found.length < mostScalars; ) {
    const key = keyIn(lines[at] ?? "");
    at += 1;
    if (key === undefined) continue;
    const isBlock = /^[|>][+\-0-9]*\s*(#.*)?$/.test(key.rest);
    const more: string[] = [];
    while (at < lines.length && continues(lines[at] ?? "", key.indent, isBlock)) {
      more.push((lines[at] ?? "").trim());
      at += 1;
    }
    const value = isBlock ? more.join("\n") : unquoted([key.rest, ...more].join("\n").trim());
    if (value !== "") found.push({ name: key.name, value });
  }
  return found;
}

function keyIn(
  line: string,
): { readonly indent: number; readonly name: string; readonly rest: string } | undefined {
  const match = /^([ \t]*(?:- +)*)(["']?)([A-Za-z0-9._/-]{1,253})\2[ \t]*:(?:[ \t]+(.*))?$/.exec(line);
  if (match === null) return undefined;
  const rest = (match[4] ?? "").trim().replace(/^!!?\w*\s+/, "");
  return { indent: (match[1] ?? "").length, name: match[3] ?? "", rest: rest.startsWith("#") ? "" : rest };
}

/** A scalar goes on over lines that stand further in; a block scalar over empty ones and those with a colon too. */
function continues(line: string, indent: number, isBlock: boolean): boolean {
  const inset = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  if (inset === line.length) return isBlock;
  if (inset <= indent) return false;
  return isBlock || keyIn(line) === undefined;
}

function unquoted(value: string): string {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || value.length < 2 || !value.endsWith(quote)) return value;
  return value.slice(1, -1);
}
