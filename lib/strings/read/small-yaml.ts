/** What a configuration file holds: texts, lists and maps. Numbers and words such as `true` stay texts. */
export type Tree = string | readonly Tree[] | ReadonlyMap<string, Tree>;

/**
 * Reads the YAML that Kubernetes and configuration files are written in: maps and lists by indentation, quoted and
 * block texts, several documents. Anchors, tags and flow collections are left as text. It never fails: what it does
 * not understand is left out.
 */
export function readYaml(text: string): readonly Tree[] {
  return text
    .split(/^---[ \t]*(?:#.*)?$/m, 200)
    .map((document) => treeOf(document))
    .filter((tree): tree is Tree => tree !== undefined);
}

/** JSON as a tree; undefined for what is none. Maps, so that no name of the text is a name of an object's. */
export function readJson(text: string): Tree | undefined {
  if (deeperThan(text, 200)) return undefined;
  try {
    return fromJson(JSON.parse(text), 0, { left: mostNodes });
  } catch {
    return undefined;
  }
}

/** The texts of a map, without what lies deeper. */
export function textsOf(tree: Tree | undefined): ReadonlyMap<string, string> {
  if (!(tree instanceof Map)) return new Map();
  return new Map(
    [...tree].flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : [])),
  );
}

/** What lies at the end of a path of names; undefined where it breaks off. */
export function at(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let found = tree;
  for (const name of path) found = found instanceof Map ? found.get(name) : undefined;
  return found;
}

/** Deeper than any configuration file; what lies below is left out. */
const deepest = 20;

/** Two hundred connections have fewer; what lies behind them is left out. */
const mostNodes = 20_000;
const mostLines = 10_000;

/** `JSON.parse` is slow where brackets nest without end. */
function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}

function fromJson(value: unknown, depth: number, budget: { left: number }): Tree | undefined {
  budget.left -= 1;
  if (budget.left < 0) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null || depth > deepest) return undefined;
  if (Array.isArray(value)) {
    const list: Tree[] = [];
    for (const item of value as readonly unknown[]) {
      if (budget.left < 0) break;
      const tree = fromJson(item, depth + 1, budget);
      if (tree !== undefined) list.push(tree);
    }
    return list;
  }
  const map = new Map<string, Tree>();
  for (const name in value) {
    if (budget.left < 0) break;
    const tree = fromJson((value as Record<string, unknown>)[name], depth + 1, budget);
    if (tree !== undefined) map.set(name, tree);
  }
  return map;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

function treeOf(document: string): Tree | undefined {
  const raw = document.split("\n", mostLines).map((line) => line.replace(/\r$/, ""));
  const lines = raw.map((text): Line => {
    const trimmed = text.trimStart();
    return { indent: text.length - trimmed.length, text: trimmed.trimEnd() };
  });
  const reader = { lines, raw, next: 0 };
  skip(reader);
  const first = reader.lines[reader.next];
  return first === undefined ? undefined : block(reader, first.indent, 0);
}

interface Reader {
  readonly lines: readonly Line[];
  readonly raw: readonly string[];
  next: number;
}

function skip(reader: Reader): void {
  while (reader.next < reader.lines.length) {
    const text = reader.lines[reader.next]?.text ?? "";
    if (text !== "" && !text.startsWith("#")) return;
    reader.next += 1;
  }
}

/** The lines of one indentation, and what is deeper below each. */
function block(reader: Reader, indent: number, depth: number): Tree {
  const map = new Map<string, Tree>();
  const list: Tree[] = [];
  for (;;) {
    skip(reader);
    const line = reader.lines[reader.next];
    if (line === undefined || line.indent < indent) break;
    const item = /^-[ \t]+(.*)$/.exec(line.text);
    const entry = entryOf(item?.[1] ?? line.text);
    reader.next += 1;
    if (line.indent > indent || (item === null && entry === undefined) || depth > deepest) continue;
    if (item !== null && entry === undefined) {
      list.push(scalar(item[1] ?? ""));
      continue;
    }
    const name = scalar(entry?.name ?? "");
    const value = valueBelow(reader, entry?.value ?? "", item === null ? indent : indent + 2, depth);
    if (item === null) map.set(name, value);
    else {
      // The other names of a list's map stand below its first one.
      const below = reader.lines[reader.next];
      const rest =
        below !== undefined && below.indent > indent
          ? block(reader, below.indent, depth + 1)
          : new Map<string, Tree>();
      list.push(new Map([[name, value], ...(rest instanceof Map ? rest : [])]));
    }
  }
  return list.length > 0 ? list : map;
}

/** `name: value`; the name is looked for at the head alone, so that a long line costs no more than a short one. */
function entryOf(text: string): { readonly name: string; readonly value: string } | undefined {
  const head =
    /^("[^"]{0,200}"|'[^']{0,200}'|[^\s:#"'][^:#\s]{0,200}(?: [^:#\s]{1,60}){0,6})[ \t]{0,20}:(?=\s|$)/.exec(
      text.slice(0, 500),
    );
  if (head === null) return undefined;
  return { name: head[1] ?? "", value: text.slice(head[0].length).trim() };
}

function valueBelow(reader: Reader, written: string, indent: number, depth: number): Tree {
  if (/^[|>][-+\d]*\s*(?:#.*)?$/.test(written)) return blockText(reader, indent, written.startsWith(">"));
  if (written !== "" && !written.startsWith("#")) return scalar(written);
  skip(reader);
  const below = reader.lines[reader.next];
  if (below === undefined) return "";
  if (below.indent > indent || (below.indent === indent && below.text.startsWith("- "))) {
    return block(reader, below.indent, depth + 1);
  }
  return "";
}

function blockText(reader: Reader, indent: number, folded: boolean): string {
  const found: string[] = [];
  let own: number | undefined;
  while (reader.next < reader.lines.length) {
    const line = reader.lines[reader.next];
    if (line === undefined || (line.text !== "" && line.indent <= indent)) break;
    if (line.text !== "") own ??= line.indent;
    found.push((reader.raw[reader.next] ?? "").slice(own ?? 0));
    reader.next += 1;
  }
  return found.join(folded ? " " : "\n").trimEnd();
}

function scalar(written: string): string {
  if (/^"(?:[^"\\]|\\.)*"/.test(written)) {
    const end = /^"(?:[^"\\]|\\.)*"/.exec(written)?.[0] ?? "";
    const plain = readJson(end);
    return typeof plain === "string" ? plain : end.slice(1, -1);
  }
  if (written.startsWith("'")) {
    const end = /^'((?:[^']|'')*)'/.exec(written);
    if (end !== null) return (end[1] ?? "").replaceAll("''", "'");
  }
  return written.replace(/\s#.*$/, "").trim();
}
