import "server-only";
import type { Result } from "#lib/problems/result.ts";

/** One row: each value as the server wrote it, by its column's name; `null` for SQL's NULL. */
export type StoreRow = Readonly<Record<string, string | null>>;

/**
 * Runs one statement on the store's database, by itself: committed when the answer is there, or not done at all.
 *
 * The tables are named without their schema, as `cloak_head`: the link writes it before them.
 * @param values texts, numbers, bigints, `null`, and lists of those, which go as arrays
 * @returns the rows, none where the statement returns none; else
 *   - `store-conflict`: somebody else was quicker (40001, 40P01, 23505, OC000, OC001): the caller reads and tries again
 *   - `store-away`: no answer (`why`: a problem's code or an SQLSTATE). With the fact `sent: true` whether it was done is
 *     not known, and it must not be repeated blindly; without, it was not done. A `select` is asked a second time by itself
 *   - `store-not-ready`: a table or a right is missing (`sqlstate`)
 *   - `store-busy`: all connections were in use for too long
 */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Result<readonly StoreRow[]>>;

/** The way to the store's database. */
export interface StoreLink {
  readonly query: Query;
  /**
   * Several statements that are done together or not at all. `work` ends at its own first problem; that, and whatever it
   * throws, undoes them.
   * @returns what `work` gave, once it is committed; `store-away` with `sent: true` where the end of COMMIT was not heard
   */
  transaction<T>(work: (query: Query) => Promise<Result<T>>): Promise<Result<T>>;
  /** Ends all connections. What is on its way is answered with `store-away`. */
  close(): Promise<void>;
}
