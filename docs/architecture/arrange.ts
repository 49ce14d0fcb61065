import { type Arrow, type Graph, layers, neededArrows } from "./layers.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Arranged {
  readonly width: number;
  readonly height: number;
  /** The middle of each box. */
  readonly boxes: ReadonlyMap<string, Point>;
  /** Each arrow by the points that it passes, from above: the first and the last are the middles of boxes. */
  readonly arrows: readonly (Arrow & { readonly points: readonly Point[] })[];
}

/** What stands in a row: a box, or the place where a long arrow passes. */
interface Place {
  readonly id: string;
  readonly width: number;
  x: number;
}

/**
 * Rows from the ground up, each ordered so that few arrows cross, and moved so that arrows are as straight as the
 * room allows. The same graph always gives the same picture.
 * @param widthOf  of a box
 * @param rowGap   from the middle of a row to the next
 */
export function arrange(graph: Graph, widthOf: (name: string) => number, rowGap: number): Arranged {
  const names = layers(graph);
  const rowOf = new Map(names.flatMap((row, at) => row.map((name) => [name, at] as const)));
  const rows: Place[][] = names.map((row) => row.map((id) => ({ id, width: widthOf(id), x: 0 })));
  const links: Arrow[] = [];
  const chains = neededArrows(graph).map((arrow) => {
    const top = rowOf.get(arrow.from) ?? 0;
    const bottom = rowOf.get(arrow.to) ?? 0;
    const chain = [arrow.from];
    for (let row = top - 1; row > bottom; row -= 1) {
      const id = `${arrow.from}|${arrow.to}|${row}`;
      rows[row]?.push({ id, width: passWidth, x: 0 });
      chain.push(id);
    }
    chain.push(arrow.to);
    for (const [at, to] of chain.slice(1).entries()) links.push({ from: chain[at] ?? "", to });
    return { ...arrow, chain };
  });
  const near = neighbours(links);
  order(rows, near);
  straighten(rows, near);

  const all = rows.flat();
  const left = Math.min(...all.map(({ x, width }) => x - width / 2));
  const right = Math.max(...all.map(({ x, width }) => x + width / 2));
  const at = new Map(
    rows.flatMap((row, index) =>
      row.map(({ id, x }) => [id, { x: x - left, y: (rows.length - index - 0.5) * rowGap }] as const),
    ),
  );
  const pointOf = (id: string): Point => at.get(id) ?? { x: 0, y: 0 };
  return {
    width: right - left,
    height: rows.length * rowGap,
    boxes: new Map([...graph.keys()].map((name) => [name, pointOf(name)])),
    arrows: chains.map(({ from, to, chain }) => ({ from, to, points: chain.map(pointOf) })),
  };
}

const passWidth = 12;
/** How much more a passing arrow insists on its way than a box does: a bend in the middle of nowhere says nothing. */
const passWeight = 6;
const gap = 18;

type Near = ReadonlyMap<string, { readonly up: readonly string[]; readonly down: readonly string[] }>;

function neighbours(links: readonly Arrow[]): Near {
  const near = new Map<string, { up: string[]; down: string[] }>();
  const of = (id: string) => {
    const known = near.get(id) ?? { up: [], down: [] };
    near.set(id, known);
    return known;
  };
  for (const { from, to } of links) {
    of(from).down.push(to);
    of(to).up.push(from);
  }
  return near;
}

/** Sweeps down and up, each row ordered by the middle of its neighbours; the order with the fewest crossings stays. */
function order(rows: Place[][], near: Near): void {
  let best = rows.map((row) => [...row]);
  let fewest = crossings(rows, near);
  for (let sweep = 0; sweep < 60; sweep += 1) {
    const side = sweep % 2 === 0 ? "down" : "up";
    const sequence = side === "down" ? rows.keys() : [...rows.keys()].reverse();
    for (const at of sequence) {
      const beside = rows[side === "down" ? at - 1 : at + 1] ?? [];
      const index = new Map(beside.map(({ id }, place) => [id, place / Math.max(1, beside.length - 1)]));
      const row = rows[at] ?? [];
      const wish = new Map(
        row.map(({ id }, place) => {
          const found = (near.get(id)?.[side] ?? []).flatMap((other) => index.get(other) ?? []);
          return [id, found.length > 0 ? mean(found) : place / Math.max(1, row.length - 1)];
        }),
      );
      row.sort((a, b) => (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0));
      swapNeighbours(rows, at, near);
    }
    const now = crossings(rows, near);
    if (now < fewest) {
      fewest = now;
      best = rows.map((row) => [...row]);
    }
  }
  for (const [at, row] of best.entries()) rows[at]?.splice(0, row.length, ...row);
}

/** Two that stand side by side change places where fewer arrows then cross. */
function swapNeighbours(rows: Place[][], at: number, near: Near): void {
  const row = rows[at] ?? [];
  const around = rows.slice(Math.max(0, at - 1), at + 2);
  for (let place = 0; place + 1 < row.length; place += 1) {
    const before = crossings(around, near);
    const [a, b] = row.slice(place, place + 2);
    if (a === undefined || b === undefined) continue;
    row.splice(place, 2, b, a);
    if (crossings(around, near) >= before) row.splice(place, 2, a, b);
  }
}

function crossings(rows: readonly (readonly Place[])[], near: Near): number {
  let count = 0;
  for (const [at, row] of rows.entries()) {
    const below = new Map((rows[at - 1] ?? []).map(({ id }, place) => [id, place]));
    const ends = row.map(({ id }) => (near.get(id)?.down ?? []).flatMap((to) => below.get(to) ?? []));
    for (const [left, mine] of ends.entries())
      for (const theirs of ends.slice(left + 1))
        for (const a of mine) count += theirs.filter((b) => b < a).length;
  }
  return count;
}

/** Each place moves towards its neighbours; what stands beside it in the row keeps its distance. */
function straighten(rows: Place[][], near: Near): void {
  for (const row of rows)
    spread(
      row,
      row.map(() => 0),
    );
  const places = new Map(rows.flat().map((place) => [place.id, place]));
  for (let round = 0; round < 200; round += 1) {
    const sequence = round % 2 === 0 ? rows : [...rows].reverse();
    for (const row of sequence) {
      const wishes = row.map(({ id, x }) => {
        const beside = near.get(id);
        const found = [...(beside?.up ?? []), ...(beside?.down ?? [])].map(
          (other) => places.get(other)?.x ?? x,
        );
        // A little towards the middle, so that the picture stays narrow.
        return found.length > 0 ? mean(found) * 0.99 : x;
      });
      spread(row, wishes);
    }
  }
  // At last each passing arrow stands straight above where it goes, as far as the boxes let it.
  for (const row of rows)
    spread(
      row,
      row.map(({ id, width, x }) => {
        const [below] = width === passWidth ? (near.get(id)?.down ?? []) : [];
        return (below === undefined ? undefined : places.get(below)?.x) ?? x;
      }),
      1 / 40,
    );
  for (const place of places.values()) place.x = Math.round(place.x);
}

/** As near to the wishes as the widths allow: those that would overlap form a block around the middle of their wishes. */
function spread(row: readonly Place[], wishes: readonly number[], passing = passWeight): void {
  const offsets: number[] = [];
  for (const [at, place] of row.entries()) {
    const before = row[at - 1];
    const last = offsets[at - 1] ?? 0;
    offsets.push(before === undefined ? 0 : last + (before.width + place.width) / 2 + gap);
  }
  const blocks: { wish: number; size: number; weight: number }[] = [];
  for (const [at, place] of row.entries()) {
    const weight = place.width === passWidth ? passing : 1;
    let block = { wish: (wishes[at] ?? 0) - (offsets[at] ?? 0), size: 1, weight };
    for (let last = blocks.at(-1); last !== undefined && last.wish > block.wish; last = blocks.at(-1)) {
      blocks.pop();
      const sum = last.weight + block.weight;
      const wish = (last.wish * last.weight + block.wish * block.weight) / sum;
      block = { wish, size: last.size + block.size, weight: sum };
    }
    blocks.push(block);
  }
  const starts = blocks.flatMap(({ wish, size }) => Array.from({ length: size }, () => wish));
  for (const [at, place] of row.entries()) place.x = (starts[at] ?? 0) + (offsets[at] ?? 0);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
