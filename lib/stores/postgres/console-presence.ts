import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { randomId } from "#lib/random-id.ts";
import type { Claim } from "#lib/vault/store.ts";
import type { StoreLink } from "./query.ts";

/**
 * Says that this console serves people from the store, as a row of `cloak_live` that is renewed as long as it does. It keeps
 * no other console out: several share one store. On the way it clears away what is past its time.
 * @param owner   under whose name the row stands: there may be no vault yet
 * @param body    what the row says, given how long that is good, ms since 1970
 * @param isInUse whether the store was asked for anything lately: an idle console sends nothing, and its row ends by its time
 */
export async function saysItIsThere(
  link: StoreLink,
  owner: string,
  body: (until: number) => string = () => "",
  isInUse: () => boolean = () => true,
): Promise<Result<Claim>> {
  const id = randomId();
  const say = () => {
    const until = Date.now() + goodForMs;
    return link.query(putRow, [owner, id, until, body(until)]);
  };
  const said = await say();
  if (!said.ok) return said;
  let turns = 0;
  const timer = setInterval(() => {
    if (!isInUse()) return;
    turns += 1;
    // Where it cannot be said now it is said the next time; a mistake of ours must not end the console.
    void Promise.allSettled([say()]);
    if (turns % 6 === 0) void Promise.allSettled([clearAway(link)]);
  }, renewMs).unref();
  return ok({
    release: () => {
      clearInterval(timer);
      // The process may be about to end; then the row does by its time.
      void Promise.allSettled([link.query(removeRow, [owner, id])]);
    },
  });
}

/** What the consoles say that serve people now, as they said it. */
export async function whatConsolesSay(
  link: StoreLink,
  owner: string,
  now = Date.now(),
): Promise<Result<readonly string[]>> {
  const found = await link.query(readRows, [owner, now]);
  return found.ok ? ok(found.value.map(({ body }) => body ?? "")) : found;
}

/** Removes rows that are past their time, a few at once: they hold nobody up, and the next turn takes more. */
export async function clearAway(link: StoreLink, now = Date.now()): Promise<Result<void>> {
  const cleared = await link.query(removePast, [now]);
  return cleared.ok ? ok(undefined) : cleared;
}

const renewMs = 10_000;
/** Two turns may be lost. */
const goodForMs = 35_000;

const putRow = `
  insert into cloak_live as l (store, kind, id, rev, until, body) values ($1, 'console', $2, 1, $3::bigint, $4)
  on conflict (store, kind, id) do update set rev = l.rev + 1, until = excluded.until, body = excluded.body`;
const removeRow = "delete from cloak_live where store = $1 and kind = 'console' and id = $2";
const readRows = `
  select body from cloak_live where store = $1 and kind = 'console' and until > $2::bigint order by until desc limit 100`;
const removePast = `
  delete from cloak_live where (store, kind, id) in (
    select store, kind, id from cloak_live where until > 0 and until < $1::bigint limit 200)`;
