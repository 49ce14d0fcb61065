import { roomIndex } from "#tests/unit/house/house-faults.ts";
import { importsOf } from "#tests/unit/house/imports.ts";
import { rooms } from "#tests/unit/house/rooms.ts";
import type { SourceFile } from "#tests/unit/house/source-files.ts";
import { arrange, type Point } from "./arrange.ts";
import type { Graph } from "./layers.ts";

/**
 * The house in one picture, as docs/architecture.svg: a box a room, an arrow where one imports from another and no
 * longer way says so already.
 * @param graph see `roomGraph`
 */
export function housePicture(graph: Graph): string {
  const { width, height, boxes, arrows } = arrange(graph, widthOf, 90);
  const all = { width: Math.ceil(width) + 2 * margin, height: height + foot };
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${all.width} ${all.height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">The rooms of Cloak DB and what stands on what</title>`,
    `<desc id="desc">${escaped(inWords(graph, arrows))}</desc>`,
    `<style>${style}</style>`,
    `<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 .8 7.5 4 0 7.2z"/></marker></defs>`,
    `<rect class="paper" width="${all.width}" height="${all.height}" rx="12"/>`,
    `<g transform="translate(${margin} 6)">`,
    ...arrows.map(({ points }) => `<path class="arrow" marker-end="url(#head)" d="${curve(points)}"/>`),
    ...[...boxes].map(([name, at]) => box(name, at)),
    "</g>",
    ...notes.map(
      (line, at) =>
        `<text class="note" x="${all.width / 2}" y="${all.height - 40 + at * 20}">${escaped(line)}</text>`,
    ),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

const margin = 24;
const foot = 68;
const boxHeight = 42;
const notes = [
  "An arrow says: imports from. One that follows from others is left out. The tinted rooms are the doors;",
  "all but app, components, messages and bin are in lib. Drawn from the imports by npm run architecture.",
];

/** Files of the ground that import nothing: one box, since nearly every room uses one of them. */
const ground = "the ground";

/**
 * The rooms with what they import, each name as it is shown.
 * @param files every source file of the house
 */
export function roomGraph(files: readonly SourceFile[]): Graph {
  const direct = new Map(rooms.map((room) => [room.path, new Set<string>()]));
  for (const file of files) {
    const from = rooms[roomIndex(file.path)]?.path ?? "";
    for (const { target } of importsOf(file)) {
      const to = rooms[roomIndex(target)]?.path;
      if (to !== undefined && to !== from) direct.get(from)?.add(to);
    }
  }
  const lowest = (path: string) => path.endsWith(".ts") && direct.get(path)?.size === 0;
  const shown = (path: string) => (lowest(path) ? ground : path);
  return new Map(
    rooms.map(({ path }) => [shown(path), new Set([...(direct.get(path) ?? [])].map(shown))] as const),
  );
}

/** Where somebody comes in, and what is seen there. */
const doors = ["bin", "lib/cli", "app", "app/_server", "components"];

function box(name: string, { x, y }: Point): string {
  const width = widthOf(name);
  const kind = name === ground ? "low" : doors.includes(name) ? "door" : "lib";
  const gives = rooms.find(({ path }) => path === name)?.gives ?? "files of lib that import nothing of ours";
  return [
    `<g><title>${escaped(`${name}: ${gives.replaceAll("`", "")}`)}</title>`,
    `<rect class="${kind}" x="${x - width / 2}" y="${y - boxHeight / 2}" width="${width}" height="${boxHeight}" rx="8"/>`,
    `<text x="${x}" y="${y + 5.5}">${escaped(labelOf(name))}</text></g>`,
  ].join("");
}

function labelOf(name: string): string {
  return name.replace(/^lib\//, "");
}

/** Wide enough in every system's own sans-serif at 16 px. */
function widthOf(name: string): number {
  return Math.max(76, Math.round(labelOf(name).length * 9.2) + 30);
}

/** Leaves each box downwards, comes in from above, and passes a row straight, so that it meets no box. */
function curve(points: readonly Point[]): string {
  const path: string[] = [];
  for (const [at, { x, y }] of points.entries()) {
    const before = points[at - 1];
    const bottom = y + boxHeight / 2;
    if (before === undefined) {
      path.push(`M${x} ${bottom}`);
      continue;
    }
    const top = y - boxHeight / 2;
    const bend = (before.y + boxHeight / 2 + top) / 2;
    path.push(`C${before.x} ${bend} ${x} ${bend} ${x} ${top}`);
    if (at < points.length - 1) path.push(`V${bottom}`);
  }
  return path.join("");
}

function inWords(graph: Graph, arrows: readonly { readonly from: string; readonly to: string }[]): string {
  return [...graph.keys()]
    .reverse()
    .map((name) => {
      const needs = arrows.filter(({ from }) => from === name).map(({ to }) => to);
      return needs.length === 0
        ? `${name} imports nothing of ours.`
        : `${name} stands on ${needs.join(", ")}.`;
    })
    .join(" ");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const style = [
  ":root{--paper:#fff;--ink:#1c2030;--muted:#565d70;--edge:#8b93a8;--arrow:#7a8299;--lib:#f5f6fa;--door:#e8eafc;--door-edge:#5a5fd0;--low:#eef0f3}",
  "@media (prefers-color-scheme:dark){:root{--paper:#12151d;--ink:#eceef4;--muted:#a7aebf;--edge:#6b7389;--arrow:#7d869d;--lib:#1f2430;--door:#2a2d52;--door-edge:#9aa0f5;--low:#181c26}}",
  "text{font:500 16px ui-sans-serif,system-ui,-apple-system,'Segoe UI','Noto Sans',Arial,sans-serif;fill:var(--ink);text-anchor:middle}",
  ".note{font-size:14px;font-weight:400;fill:var(--muted)}",
  ".paper{fill:var(--paper)}",
  ".lib{fill:var(--lib);stroke:var(--edge)}",
  ".door{fill:var(--door);stroke:var(--door-edge)}",
  ".low{fill:var(--low);stroke:var(--edge);stroke-dasharray:4 3}",
  ".arrow{fill:none;stroke:var(--arrow);stroke-width:1.4}",
  ".head{fill:var(--arrow)}",
].join("");
