import "server-only";
import type { Client } from "pg";
import type { Notification } from "./run-events.ts";

/** So many are kept until a run of the session takes them along. */
const most = 1_000;

interface Gathered {
  readonly kept: Notification[];
  dropped: number;
}

const gathered = new WeakMap<Client, Gathered>();

/** Begins to keep what NOTIFY sends to a session that listens: most of it comes while nothing runs. */
export function gatherNotifications(client: Client): void {
  if (gathered.has(client)) return;
  const mine: Gathered = { kept: [], dropped: 0 };
  gathered.set(client, mine);
  client.on("notification", ({ channel, payload = "", processId }) => {
    if (mine.kept.length === most) mine.dropped += 1;
    else mine.kept.push({ channel, payload, pid: processId });
  });
}

/** What has come since it was asked last; undefined for nothing. */
export function takeNotifications(
  client: Client,
): { readonly notifications: readonly Notification[]; readonly dropped: number } | undefined {
  const mine = gathered.get(client);
  if (mine === undefined || mine.kept.length === 0) return undefined;
  const taken = { notifications: mine.kept.splice(0), dropped: mine.dropped };
  mine.dropped = 0;
  return taken;
}
