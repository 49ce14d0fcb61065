import { graphlib, layout } from "@dagrejs/dagre";
import type { NearColumn, NearTable, Neighbourhood } from "#lib/browse/neighbourhood.ts";

/** Where everything of a drawing stands, in its own pixels. */
export interface LaidOut {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly Card[];
  readonly lines: readonly Line[];
}

export interface Card {
  readonly table: NearTable;
  /** Its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly rows: readonly CardRow[];
}

export interface CardRow {
  readonly column: NearColumn;
  readonly name: string;
  readonly type: string;
}

export interface Line {
  readonly id: string;
  readonly name: string;
  /** The name, as long as there is room for it. */
  readonly label: string;
  /** `d` of its path. */
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

export const rowHeight = 18;
export const headHeight = 28;
const padding = 10;
const margin = 24;
/** Of the monospaced letters that are drawn, pixels. */
const letter = { title: 7.5, row: 6.75, label: 6.2 } as const;
const most = { title: 34, name: 26, type: 20, label: 30 } as const;

/**
 * Lays the tables out from left to right: what refers stands left of what it refers to, unless they refer in circles. Widths
 * are those of monospaced letters, so that nothing has to be drawn to be measured.
 * @param whole the schema is part of the names
 */
export function layOut({ tables, references }: Neighbourhood, home: string): LaidOut {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 28, ranksep: 48, edgesep: 16, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  const sized = tables.map((table) => sizedCard(table, home));
  for (const card of sized) graph.setNode(card.table.id, { width: card.width, height: card.height });
  for (const [at, { name, from, to }] of references.entries()) {
    const label = shortened(name, most.label);
    const room = { width: letters(label) * letter.label, height: 14, labelpos: "c" };
    graph.setEdge({ v: from, w: to, name: String(at) }, room);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const cards = sized.map((card): Card => {
    const { x, y } = graph.node(card.table.id);
    return { ...card, x: round(x - card.width / 2), y: round(y - card.height / 2) };
  });
  const lines = references.map(({ name, from, to }, at): Line => {
    const edge = graph.edge({ v: from, w: to, name: String(at) });
    return {
      id: String(at),
      name,
      label: shortened(name, most.label),
      path: pathOf(edge.points ?? []),
      x: round(edge.x ?? 0),
      y: round(edge.y ?? 0),
    };
  });
  return { width: Math.ceil(width), height: Math.ceil(height), cards, lines };
}

/** @param home the schema that goes without saying */
function sizedCard(table: NearTable, home: string): Omit<Card, "x" | "y"> {
  const title = shortened(table.schema === home ? table.name : `${table.schema}.${table.name}`, most.title);
  const rows = table.columns.map((column) => ({
    column,
    name: shortened(column.name, most.name),
    type: shortened(column.type, most.type),
  }));
  const widest = Math.max(
    letters(title) * letter.title,
    ...rows.map(({ name, type }) => 36 + (letters(name) + 2 + letters(type)) * letter.row),
  );
  const lines = rows.length + (table.moreColumns > 0 ? 1 : 0);
  return {
    table,
    title,
    rows,
    width: Math.ceil(Math.max(140, widest + 2 * padding)),
    height: headHeight + lines * rowHeight + 6,
  };
}

/** Of scripts with wide signs each takes the room of two. */
function letters(text: string): number {
  let count = 0;
  for (const sign of text) count += (sign.codePointAt(0) ?? 0) > 0x10ff ? 2 : 1;
  return count;
}

function shortened(text: string, longest: number): string {
  let count = 0;
  let kept = "";
  for (const sign of text) {
    count += letters(sign);
    if (count > longest) return `${kept}…`;
    kept += sign;
  }
  return text;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Bent at each point but the ends. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  const bends = rest.slice(0, -1).map((point, at) => {
    const next = at === rest.length - 2 ? last : middle(point, rest[at + 1] ?? last);
    return `Q${round(point.x)} ${round(point.y)} ${round(next.x)} ${round(next.y)}`;
  });
  return `M${round(first.x)} ${round(first.y)}${bends.join("")}L${round(last.x)} ${round(last.y)}`;
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
