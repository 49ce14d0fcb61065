import { asNull, MapBuilder } from "./map-builder.ts";
import { aliased, anchored, type Properties, properties } from "./properties.ts";
import { beginsPlain, plainScalar, quotedScalar } from "./scalars.ts";
import { checkDepth, column, count, endsWord, refuse, type Source, sign, toContent } from "./source.ts";
import type { Tree } from "./tree.ts";

/**
 * A list or map in brackets (YAML 1.2.2, 7.4), over as many lines as it goes on.
 * @param indent its lines stand further in
 */
export function flowCollection(source: Source, indent: number, depth: number): Tree {
  checkDepth(source, depth);
  return sign(source) === "[" ? flowList(source, indent, depth) : flowMap(source, indent, depth);
}

function flowList(source: Source, indent: number, depth: number): Tree {
  const opened = source.position;
  const list: Tree[] = [];
  source.position += 1;
  for (;;) {
    within(source, indent, opened);
    if (sign(source) === "]") {
      source.position += 1;
      return list;
    }
    const { lineStart } = source;
    const item = flowNode(source, indent, depth);
    within(source, indent, opened);
    if (sign(source) === ":") {
      // `[name: value]` is a list of one map; its name stands on the line of its colon.
      if (source.lineStart !== lineStart) refuse(source, "colon");
      const map = new MapBuilder(source);
      source.position += 1;
      within(source, indent, opened);
      map.set(keyOf(source, item), flowValue(source, indent, depth));
      list.push(map.finish());
    } else list.push(item.value);
    comma(source, indent, opened, "]");
  }
}

function flowMap(source: Source, indent: number, depth: number): Tree {
  const opened = source.position;
  const map = new MapBuilder(source);
  source.position += 1;
  for (;;) {
    within(source, indent, opened);
    if (sign(source) === "}") {
      source.position += 1;
      return map.finish();
    }
    if (sign(source) === "{" && source.position === opened + 1) refuse(source, "template", opened);
    const key = flowNode(source, indent, depth);
    within(source, indent, opened);
    let value: Tree = null;
    if (sign(source) === ":") {
      source.position += 1;
      within(source, indent, opened);
      value = flowValue(source, indent, depth);
    }
    map.set(keyOf(source, key), value);
    comma(source, indent, opened, "}");
  }
}

/** Over blanks, breaks and comments; the collection must go on behind them. */
function within(source: Source, indent: number, opened: number): void {
  const { lineStart } = source;
  toContent(source);
  if (sign(source) === "") refuse(source, "bracket-open", opened);
  // The bracket that closes may stand as far out as the name: libyaml reads it so, and people write it so.
  const isOut = source.lineStart !== lineStart && column(source) <= indent;
  if (isOut && !(column(source) === indent && /[\]}]/.test(sign(source))))
    refuse(source, "bracket-open", opened);
}

function comma(source: Source, indent: number, opened: number, close: string): void {
  within(source, indent, opened);
  if (sign(source) === ",") source.position += 1;
  else if (sign(source) === ":") refuse(source, "complex-key");
  else if (sign(source) !== close) refuse(source, /[\]}]/.test(sign(source)) ? "bracket-open" : "sign");
}

function flowValue(source: Source, indent: number, depth: number): Tree {
  return /[,\]}]/.test(sign(source)) ? null : flowNode(source, indent, depth).value;
}

interface FlowNode {
  readonly value: Tree;
  /** As it was written, where it can name an entry. */
  readonly key: { readonly text: string; readonly plain: boolean } | undefined;
}

function flowNode(source: Source, indent: number, depth: number): FlowNode {
  const before = source.nodes;
  const given = properties(source);
  if (given !== undefined) toContent(source);
  const node = flowContent(source, indent, depth, given);
  anchored(given, node.value, source.nodes - before);
  return node;
}

function flowContent(source: Source, indent: number, depth: number, given: Properties | undefined): FlowNode {
  const first = sign(source);
  if (first === "*") return { value: aliased(source, given), key: undefined };
  count(source);
  if (first === "[" || first === "{")
    return { value: flowCollection(source, indent, depth + 1), key: undefined };
  if (first === '"' || first === "'") {
    const text = quotedScalar(source, indent);
    return { value: text, key: { text, plain: false } };
  }
  if (first === "?" && endsWord(sign(source, 1))) refuse(source, "complex-key");
  if (first === "%") refuse(source, "template");
  if (beginsPlain(source, "flow")) {
    const text = plainScalar(source, indent, "flow");
    return { value: given?.isText ? text : asNull(text), key: { text, plain: true } };
  }
  if (first === ":") return refuse(source, "complex-key");
  if (given !== undefined && /[,\]}]/.test(first)) return { value: given.isText ? "" : null, key: undefined };
  return refuse(source, "sign");
}

function keyOf(source: Source, node: FlowNode): { readonly text: string; readonly plain: boolean } {
  return node.key ?? refuse(source, "complex-key");
}
