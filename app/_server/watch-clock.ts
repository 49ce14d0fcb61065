import "server-only";
import { processWide } from "#lib/process-wide.ts";
import { clocksMayDiffer } from "#lib/vault/store.ts";
import type { Workspace } from "#lib/workspace.ts";
import { servedWithin } from "./last-served.ts";
import { log } from "./log.ts";

/**
 * Compares this console's clock with the store's, now and once a minute while somebody is served. Rules go by the console's
 * clock, so that one that is wrong is to be known: to the log, and once to the audit log.
 */
export function watchClock(opened: Workspace): void {
  if (opened.store.clockAhead === undefined || watched().isOn) return;
  watched().isOn = true;
  const compare = () =>
    compareClocks(opened).catch((error: unknown) => log().error({ err: error }, "clocks were not compared"));
  void compare();
  setInterval(() => {
    if (servedWithin(everyMs)) void compare();
  }, everyMs).unref();
}

/** By how many seconds the store's clock was ahead of ours when it was found wrong; undefined while both agree. */
export function clockApart(): number | undefined {
  return watched().ahead;
}

/** One comparison. A store that does not answer says nothing about its clock. */
export async function compareClocks({ store, audit }: Pick<Workspace, "store" | "audit">): Promise<void> {
  const found = await store.clockAhead?.();
  if (found === undefined || !found.ok) return;
  const ahead = found.value;
  const watch = watched();
  if (Math.abs(ahead) <= clocksMayDiffer) {
    if (watch.ahead !== undefined) log().info({ ahead }, "the console's clock agrees with the store's again");
    Object.assign(watch, { ahead: undefined, isNoted: false });
    return;
  }
  watch.ahead = ahead;
  log().warn(
    { ahead },
    "the console's clock is wrong, or the store's: seconds by which the store's is ahead",
  );
  if (watch.isNoted) return;
  const noted = await audit.note({ actor: null }, { action: "clock-apart", object: `${ahead} s` });
  watch.isNoted = noted.ok;
  if (!noted.ok) log().error({ problem: noted.problem.code }, "that the clocks differ was not noted");
}

const everyMs = 60_000;

interface Watch {
  isOn: boolean;
  ahead: number | undefined;
  isNoted: boolean;
}

function watched(): Watch {
  return processWide("clock-watch", () => ({ isOn: false, ahead: undefined, isNoted: false }));
}
