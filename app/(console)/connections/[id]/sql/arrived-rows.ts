import type { Cell } from "#lib/session/run-events.ts";

/**
 * Rows as they came: batches of JSON, each parsed when one of its rows is looked at. Most of a large result never is, and
 * as text it takes a third of the memory and no time.
 */
export class ArrivedRows {
  readonly #batches: Batch[] = [];
  /** Those that are parsed, the oldest first. */
  readonly #parsed = new Map<Batch, readonly (readonly Cell[])[]>();
  #parsedRows = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param json an array of so many rows */
  add(json: string, count: number): void {
    this.#batches.push({ first: this.#length, json });
    this.#length += count;
  }

  /** @returns undefined where there is no such row */
  at(row: number): readonly Cell[] | undefined {
    if (row < 0 || row >= this.#length) return undefined;
    const batch = this.#batchOf(row);
    return this.#rowsOf(batch)[row - batch.first];
  }

  #batchOf(row: number): Batch {
    let [from, to] = [0, this.#batches.length - 1];
    while (from < to) {
      const middle = Math.ceil((from + to) / 2);
      if ((this.#batches[middle]?.first ?? 0) <= row) from = middle;
      else to = middle - 1;
    }
    return this.#batches[from] as Batch;
  }

  #rowsOf(batch: Batch): readonly (readonly Cell[])[] {
    const known = this.#parsed.get(batch);
    if (known !== undefined) return known;
    const rows = JSON.parse(batch.json) as readonly (readonly Cell[])[];
    this.#parsed.set(batch, rows);
    this.#parsedRows += rows.length;
    for (const [oldest, { length }] of this.#parsed) {
      if (this.#parsedRows <= mostParsed || this.#parsed.size === 1) break;
      this.#parsed.delete(oldest);
      this.#parsedRows -= length;
    }
    return rows;
  }
}

interface Batch {
  /** Number of its first row. */
  readonly first: number;
  readonly json: string;
}

/** Rows that are kept parsed: what is in sight, and what a scroll comes back to. */
const mostParsed = 2_000;
