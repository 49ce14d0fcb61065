import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import type { StoreLink } from "./query.ts";

/**
 * By how many seconds the database's clock is ahead of the console's, negative where it is behind. A slow answer may have
 * been made at any moment since it was asked for: that much counts as no difference.
 * @param now the console's clock, milliseconds since 1970
 */
export async function clockAhead(link: StoreLink, now: () => number = Date.now): Promise<Result<number>> {
  const before = now();
  const asked = await link.query("select extract(epoch from clock_timestamp()) as seconds");
  if (!asked.ok) return asked;
  const [theirs, after] = [Number(asked.value[0]?.seconds) * 1000, now()];
  const ahead = theirs > after ? theirs - after : Math.min(0, theirs - before);
  // No minus nought.
  return ok(Math.round(ahead / 1000) + 0);
}
