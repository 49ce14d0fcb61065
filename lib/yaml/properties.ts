import { type Anchor, count, endsWord, refuse, type Source, sign, skipBlanks } from "./source.ts";
import type { Tree } from "./tree.ts";

/** What may stand before a node: an anchor, a tag. */
export interface Properties {
  readonly anchor: Anchor | undefined;
  /** `!!str`: a word for nothing is a word. */
  readonly isText: boolean;
}

/**
 * Reads an anchor and a tag; undefined where neither stands. YAML's own tags only say what the text says already;
 * those of programs (`!vault`, `!Ref`) mean something that is not in the text.
 */
export function properties(source: Source): Properties | undefined {
  let anchor: Anchor | undefined;
  let tag: string | undefined;
  for (;;) {
    const first = sign(source);
    if (first === "&" && anchor === undefined) {
      anchor = { node: undefined, size: 0 };
      source.anchors.set(nameOf(source), anchor);
    } else if (first === "!" && tag === undefined) {
      const start = source.position;
      tag = wordAt(source);
      if (!coreTags.test(tag)) refuse(source, "tag", start);
    } else break;
    skipBlanks(source);
  }
  if (anchor === undefined && tag === undefined) return undefined;
  return { anchor, isText: tag === "!!str" || tag === "!" || tag === "!!binary" };
}

const coreTags = /^!(?:!(?:str|int|float|bool|null|binary|timestamp|map|seq))?$/;

/** Remembers a node under the anchor before it. */
export function anchored(given: Properties | undefined, node: Tree, size: number): void {
  if (given?.anchor === undefined) return;
  given.anchor.node = node;
  // A long text that is repeated costs its readers as much as many short ones.
  given.anchor.size = size + (typeof node === "string" ? Math.floor(node.length / 64) : 0);
}

/** The node that an alias stands for; it is shared, never copied. */
export function aliased(source: Source, given: Properties | undefined): Tree {
  const start = source.position;
  const found = source.anchors.get(nameOf(source));
  if (found?.node === undefined || given !== undefined) return refuse(source, "alias", start);
  count(source, Math.max(found.size, 1));
  return found.node;
}

function nameOf(source: Source): string {
  const start = source.position;
  source.position += 1;
  const name = wordAt(source);
  return name === "" ? refuse(source, "sign", start) : name;
}

function wordAt(source: Source): string {
  const start = source.position;
  while (!endsWord(sign(source)) && !/[,[\]{}]/.test(sign(source))) source.position += 1;
  return source.text.slice(start, source.position);
}
