import type { Tree } from "./tree.ts";

/** What stands in YAML texts and is refused by name, or breaks YAML's rules. */
export type YamlFault =
  | "tag"
  | "complex-key"
  | "directive"
  | "template"
  | "merge"
  | "alias"
  | "aliases-multiply"
  | "duplicate-key"
  | "tab"
  | "indentation"
  | "colon"
  | "quote-open"
  | "bracket-open"
  | "escape"
  | "sign"
  | "control"
  | "depth"
  | "too-large";

/**
 * Thrown where reading ends and caught by `readYaml` alone, which gives it as a value: a parser that asks after each
 * of its steps whether it failed would be twice as long.
 */
export class Refused extends Error {
  readonly fault: YamlFault;
  /** Where in the document. */
  readonly position: number;

  constructor(fault: YamlFault, position: number) {
    super(fault);
    this.fault = fault;
    this.position = position;
  }
}

/** One document and how far it was read. */
export interface Source {
  readonly text: string;
  position: number;
  /** Where the line of `position` begins. */
  lineStart: number;
  /** Nodes so far; an alias counts for all that it stands for. */
  nodes: number;
  readonly anchors: Map<string, Anchor>;
}

export interface Anchor {
  /** Undefined while it is being read: no node may hold itself. */
  node: Tree | undefined;
  size: number;
}

/** More than any file of settings has, aliases written out. */
const mostNodes = 20_000;
/** Deeper than any, and far from the end of the stack. */
const deepest = 100;

export function refuse(source: Source, fault: YamlFault, position = source.position): never {
  throw new Refused(fault, position);
}

/** Counts a node, or all that an alias repeats. */
export function count(source: Source, size = 1): void {
  source.nodes += size;
  if (source.nodes > mostNodes) refuse(source, size > 1 ? "aliases-multiply" : "too-large");
}

export function checkDepth(source: Source, depth: number): void {
  if (depth > deepest) refuse(source, "depth");
}

export function column(source: Source): number {
  return source.position - source.lineStart;
}

/** How far in a line stands; tabs have no width. */
export function inset(source: Source): number {
  let at = source.lineStart;
  while (source.text.charAt(at) === " ") at += 1;
  return at - source.lineStart;
}

/** The sign at an offset; "" behind the end. */
export function sign(source: Source, offset = 0): string {
  return source.text.charAt(source.position + offset);
}

export function isBlank(letter: string): boolean {
  return letter === " " || letter === "\t";
}

export function endsWord(letter: string): boolean {
  return letter === "" || letter === "\n" || isBlank(letter);
}

/** Over blanks of this line. */
export function skipBlanks(source: Source): void {
  while (isBlank(sign(source))) source.position += 1;
}

/** Over blanks and a comment, up to the line's end. @returns false where something stands there */
export function atLineEnd(source: Source): boolean {
  if (sign(source) === "\n") return true;
  const start = source.position;
  skipBlanks(source);
  if (sign(source) === "#" && (source.position > start || column(source) === 0)) {
    const end = source.text.indexOf("\n", source.position);
    source.position = end === -1 ? source.text.length : end;
  }
  return sign(source) === "" || sign(source) === "\n";
}

/** To the next thing that is neither blank nor comment, on this line or a later one. */
export function toContent(source: Source): void {
  while (atLineEnd(source)) {
    if (sign(source) === "") return;
    nextLine(source);
  }
}

/** Over a line break. */
export function nextLine(source: Source): void {
  source.position += 1;
  source.lineStart = source.position;
}

/** What stands before the first word of a line sets its depth: a tab among it has no width. */
export function refuseTabs(source: Source, end = source.position): void {
  if (source.text.slice(source.lineStart, end).includes("\t")) refuse(source, "tab", source.lineStart);
}
