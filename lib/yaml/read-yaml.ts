import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { flowCollection } from "./flow.ts";
import { asNull, MapBuilder } from "./map-builder.ts";
import { aliased, anchored, type Properties, properties } from "./properties.ts";
import { beginsPlain, blockScalar, plainLine, plainScalar, quotedScalar } from "./scalars.ts";
import {
  atLineEnd,
  checkDepth,
  column,
  count,
  endsWord,
  inset,
  Refused,
  refuse,
  refuseTabs,
  type Source,
  sign,
  skipBlanks,
  toContent,
  type YamlFault,
} from "./source.ts";
import type { Tree } from "./tree.ts";

/**
 * Reads YAML 1.2 as settings, manifests and frameworks' files are written in: block and flow collections, quoted, plain
 * and block texts, anchors, aliases, merge keys, comments, several documents. Every scalar stays the text that it is;
 * only nothing (`~`, `null`, an empty place) is null.
 * @returns the documents; else `yaml-unread` { reason, line }: what is not read (tags of programs, complex keys,
 *   directives, templates) and what breaks YAML's rules, each by name. Nothing is left out in silence.
 *   The time it takes grows with the length of the text, whatever its aliases stand for.
 */
export function readYaml(text: string): Result<readonly Tree[]> {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const forbidden = plain.search(/(?![\t\n\u0085])[\p{Cc}\uFFFE\uFFFF]/u);
  if (forbidden !== -1) return unread("control", plain, forbidden);
  const found: Tree[] = [];
  let nodes = 0;
  for (const { text: body, start, isExplicit } of documentsOf(plain)) {
    const source: Source = { text: body, position: 0, lineStart: 0, nodes, anchors: new Map() };
    try {
      if (isExplicit) source.position = 3;
      else skipDirectives(source);
      if (isExplicit || sign(source) !== "") found.push(wholeDocument(source, !isExplicit));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return unread(error.fault, plain, start + error.position);
    }
    nodes = source.nodes;
  }
  return ok(found);
}

function unread(reason: YamlFault, text: string, position: number): Result<never> {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < position; at = text.indexOf("\n", at + 1)) line += 1;
  return failed(problem("yaml-unread", { reason, line }));
}

interface Document {
  readonly text: string;
  readonly start: number;
  /** Whether it begins with `---`. */
  readonly isExplicit: boolean;
}

/** The documents between `---` and `...`: those marks stand at the head of a line, and no text reaches over them. */
function* documentsOf(text: string): Generator<Document> {
  const mark = /^(?:---|\.\.\.)(?=[ \t\n]|$)/gm;
  let start = 0;
  let isExplicit = false;
  for (let next = mark.exec(text); next !== null; next = mark.exec(text)) {
    yield { text: text.slice(start, next.index), start, isExplicit };
    isExplicit = next[0] === "---";
    start = isExplicit ? next.index : mark.lastIndex;
  }
  yield { text: text.slice(start), start, isExplicit };
}

/** Over `%YAML 1.2` and comments; other directives give tags a meaning that is not in the text. */
function skipDirectives(source: Source): void {
  const version = /%YAML[ \t]+1\.\d(?=\s|$)/y;
  for (toContent(source); sign(source) === "%" && column(source) === 0; toContent(source)) {
    version.lastIndex = source.position;
    const found = version.exec(source.text);
    if (found === null) refuse(source, "directive");
    source.position = version.lastIndex;
    if (!atLineEnd(source)) refuse(source, "directive");
  }
}

function wholeDocument(source: Source, fresh: boolean): Tree {
  // Behind `---` a text or brackets may stand, but no map: its names have no column of their own.
  const tree = blockNode(source, { indent: -1, depth: 0, fresh, listMayStand: false });
  toContent(source);
  if (sign(source) !== "") refuse(source, "indentation");
  return tree;
}

interface Place {
  /** Of what the node belongs to; it stands further in. */
  readonly indent: number;
  readonly depth: number;
  /** Whether a map or list may begin on the line at hand. */
  readonly fresh: boolean;
  /** Whether a list may stand as far out as the name it belongs to. */
  readonly listMayStand: boolean;
}

/** A node of the block style, or nothing where the next line does not belong to it. */
function blockNode(source: Source, place: Place): Tree {
  const before = source.nodes;
  let { fresh } = place;
  let given: Properties | undefined;
  for (;;) {
    if (atLineEnd(source)) {
      toContent(source);
      fresh = true;
      const isIn =
        column(source) > place.indent ||
        (place.listMayStand && column(source) === place.indent && isItem(source));
      if (sign(source) === "" || !isIn) {
        count(source);
        const nothing = given?.isText ? "" : null;
        anchored(given, nothing, 1);
        return nothing;
      }
      if (inset(source) < column(source) && inset(source) <= place.indent && !isItem(source))
        refuse(source, "tab");
    }
    // What stands before a name on its line belongs to the name.
    if (given !== undefined || !"&!".includes(sign(source)) || (fresh && isKeyBehindProperties(source)))
      break;
    given = properties(source);
  }
  const node = blockContent(source, { ...place, fresh }, given);
  anchored(given, node, source.nodes - before);
  return node;
}

function blockContent(source: Source, place: Place, given: Properties | undefined): Tree {
  const { indent, depth } = place;
  const first = sign(source);
  checkDepth(source, depth);
  if (isItem(source)) {
    if (!place.fresh) refuse(source, "indentation");
    return blockList(source, depth);
  }
  if (/[?:]/.test(first) && endsWord(sign(source, 1))) refuse(source, "complex-key");
  const start = source.position;
  const key = keyAt(source);
  if (key !== undefined || isKeyBehindProperties(source)) {
    if (!place.fresh) refuse(source, "colon");
    return blockMap(source, depth, start, key);
  }
  source.position = start;
  return leaf(source, indent, depth, given);
}

/** A text, an alias, or a collection in brackets; nothing else may follow on its line. */
function leaf(source: Source, indent: number, depth: number, given: Properties | undefined): Tree {
  const first = sign(source);
  let node: Tree;
  if (first === "*") node = aliased(source, given);
  else {
    count(source);
    if (first === "|" || first === ">") node = blockScalar(source, indent);
    else if (first === "[" || first === "{") node = flowCollection(source, indent, depth + 1);
    else if (first === '"' || first === "'") node = quotedScalar(source, indent);
    else if (beginsPlain(source, "block")) {
      const text = plainScalar(source, indent, "block");
      node = given?.isText ? text : asNull(text);
    } else return refuse(source, faultAt(source));
  }
  if (!atLineEnd(source)) {
    skipBlanks(source);
    const isKey = sign(source) === ":" && endsWord(sign(source, 1));
    refuse(
      source,
      isKey ? (first === "[" || first === "{" || first === "*" ? "complex-key" : "colon") : "sign",
    );
  }
  return node;
}

/** Lines of ERB and Jinja stand between those of YAML; a list, a map or an alias may be meant as a name. */
function faultAt(source: Source, start = source.position): YamlFault {
  const signs = source.text.slice(start, start + 2);
  if (/^(?:<%|\{[{%])/.test(signs)) return "template";
  return /^[[{*]/.test(signs) ? "complex-key" : "sign";
}

function isItem(source: Source): boolean {
  return sign(source) === "-" && endsWord(sign(source, 1));
}

function blockList(source: Source, depth: number): Tree {
  const own = column(source);
  const list: Tree[] = [];
  refuseTabs(source);
  count(source);
  for (;;) {
    source.position += 1;
    list.push(blockNode(source, { indent: own, depth: depth + 1, fresh: true, listMayStand: false }));
    if (!isNextOf(source, own) || !isItem(source)) return list;
  }
}

interface Key {
  readonly text: string;
  readonly plain: boolean;
}

/** @param first the first name, where it was read already */
function blockMap(source: Source, depth: number, start: number, first: Key | undefined): Tree {
  const own = start - source.lineStart;
  const map = new MapBuilder(source);
  count(source);
  refuseTabs(source, start);
  let key = first ?? nextKey(source);
  for (;;) {
    map.set(key, blockNode(source, { indent: own, depth: depth + 1, fresh: false, listMayStand: true }));
    if (!isNextOf(source, own)) return map.finish();
    key = nextKey(source);
  }
}

function nextKey(source: Source): Key {
  const start = source.position;
  const given = properties(source);
  if (/[?:]/.test(sign(source)) && endsWord(sign(source, 1))) refuse(source, "complex-key");
  const key = keyAt(source);
  if (key === undefined)
    return refuse(source, isItem(source) ? "indentation" : faultAt(source, start), start);
  anchored(given, key.text, 1);
  return key;
}

/** Whether the next line goes on with a collection of this column; further in, it belongs to nothing. */
function isNextOf(source: Source, own: number): boolean {
  toContent(source);
  if (sign(source) === "") return false;
  refuseTabs(source);
  if (column(source) > own) refuse(source, "indentation");
  return column(source) === own;
}

function isKeyBehindProperties(source: Source): boolean {
  if (!/[&!]/.test(sign(source))) return false;
  const { position } = source;
  const behind = /(?:[&!][^\s,[\]{}]*[ \t]+){1,2}/y;
  behind.lastIndex = position;
  const match = behind.exec(source.text);
  if (match === null) return false;
  return keyAt({ ...source, position: position + match[0].length }) !== undefined;
}

/** YAML's own limit for names that stand on one line with their value. */
const longestKey = 1024;

/** A name and its colon on one line; undefined where none stands. The source stands behind the colon then. */
function keyAt(source: Source): Key | undefined {
  const first = sign(source);
  const start = source.position;
  let text: string;
  if (first === '"' || first === "'") {
    const end = quotedKeyEnd(source);
    if (end === undefined) return undefined;
    text = quotedScalar({ ...source, text: source.text.slice(0, end) }, -1);
    source.position = end;
    skipBlanks(source);
  } else if (beginsPlain(source, "block")) text = plainLine(source, "block");
  else return undefined;
  if (sign(source) !== ":" || !endsWord(sign(source, 1))) return undefined;
  if (source.position - start > longestKey) refuse(source, "too-large", start);
  source.position += 1;
  return { text, plain: first !== '"' && first !== "'" };
}

/** Where a quoted text ends that is closed on its line. */
function quotedKeyEnd(source: Source): number | undefined {
  const quoted = /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\n]|'')*'/y;
  quoted.lastIndex = source.position;
  return quoted.exec(source.text) === null ? undefined : quoted.lastIndex;
}
