/** How something grows: lines by what was done, each its points by how many there were, in milliseconds. */
export interface Growth {
  readonly of: string;
  readonly lines: Record<string, readonly (readonly [count: number, ms: number])[]>;
}

/**
 * The growths of one run in one picture, as docs/performance.svg: a small chart each, their number to the right by powers of
 * ten, time upwards.
 */
export function growthPicture(growths: readonly Growth[]): string {
  const rows = Math.ceil(growths.length / perRow);
  const all = { width: perRow * cell.width + 2 * margin, height: rows * cell.height + 2 * margin };
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${all.width} ${all.height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">How what people wait for grows</title>`,
    `<desc id="desc">${escaped(growths.map(inWords).join(" "))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${all.width}" height="${all.height}" rx="12"/>`,
    ...growths.flatMap((growth, at) => {
      const x = margin + (at % perRow) * cell.width;
      const y = margin + Math.floor(at / perRow) * cell.height;
      return [`<g transform="translate(${x} ${y})">`, ...chart(growth), "</g>"];
    }),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

const perRow = 3;
const margin = 16;
const cell = { width: 300, height: 210 };
const plot = { left: 46, top: 44, width: 226, height: 116 };

function chart({ of, lines }: Growth): string[] {
  const points = Object.values(lines).flat();
  const most = niceAbove(Math.max(...points.map(([, ms]) => ms)));
  const decades = Math.max(1, Math.log10(Math.max(...points.map(([count]) => count))));
  const xOf = (count: number) => plot.left + (Math.log10(count) / decades) * plot.width;
  const yOf = (ms: number) => plot.top + plot.height * (1 - ms / most);
  const counts = [...new Set(points.map(([count]) => count))].sort((a, b) => a - b);
  const bottom = plot.top + plot.height;
  return [
    `<text class="title" x="8" y="18">${escaped(of)}</text>`,
    ...[0, most / 2, most].map(
      (ms) =>
        `<path class="grid" d="M${plot.left} ${round(yOf(ms))}h${plot.width}"/><text class="tick" text-anchor="end" x="${plot.left - 6}" y="${round(yOf(ms) + 4)}">${ms} ms</text>`,
    ),
    ...counts.map(
      (count) =>
        `<text class="tick" text-anchor="middle" x="${round(xOf(count))}" y="${bottom + 17}">${short(count)}</text>`,
    ),
    ...Object.entries(lines).flatMap(([what, line], at) => [
      `<polyline class="line l${at}" points="${line.map(([count, ms]) => `${round(xOf(count))},${round(yOf(ms))}`).join(" ")}"/>`,
      ...line.map(
        ([count, ms]) =>
          `<circle class="dot l${at}" cx="${round(xOf(count))}" cy="${round(yOf(ms))}" r="2.6"><title>${short(count)}: ${ms} ms</title></circle>`,
      ),
      `<text class="key l${at}" x="${plot.left + at * 84}" y="34">${escaped(what)}</text>`,
    ]),
  ];
}

function inWords({ of, lines }: Growth): string {
  const told = Object.entries(lines).map(
    ([what, line]) => `${what} ${line.map(([count, ms]) => `${ms} ms at ${count}`).join(", ")}`,
  );
  return `${of}: ${told.join("; ")}.`;
}

/** 1, 2 or 5 and zeros: the axis ends there. */
function niceAbove(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms));
  return power * ([1, 2, 5].find((step) => step * power >= ms) ?? 10);
}

function short(count: number): string {
  return count >= 1_000 ? `${count / 1_000}k` : String(count);
}

function round(at: number): number {
  return Math.round(at * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const style = `
text { font: 12px system-ui, sans-serif; fill: #1f2937 }
.title { font-weight: 600; font-size: 13px }
.tick { font-size: 10px; fill: #6b7280 }
.paper { fill: #fff }
.grid { stroke: #e5e7eb; fill: none }
.line { fill: none; stroke-width: 2 }
.line.l0 { stroke: #1d4ed8 } .dot.l0, .key.l0 { fill: #1d4ed8 }
.line.l1 { stroke: #b45309 } .dot.l1, .key.l1 { fill: #b45309 }
.line.l2 { stroke: #047857 } .dot.l2, .key.l2 { fill: #047857 }
.key { font-size: 11px }
@media (prefers-color-scheme: dark) {
 text { fill: #e5e7eb } .tick { fill: #9ca3af } .paper { fill: #111827 } .grid { stroke: #374151 }
 .line.l0 { stroke: #60a5fa } .dot.l0, .key.l0 { fill: #60a5fa }
 .line.l1 { stroke: #fbbf24 } .dot.l1, .key.l1 { fill: #fbbf24 }
 .line.l2 { stroke: #34d399 } .dot.l2, .key.l2 { fill: #34d399 }
}`;
