import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { closeClientsOfSession, unsavedConnections, writeUnlocks } from "#lib/session/close-clients.ts";
import { changedMeanwhile, type LiveOwner, liveClients } from "#lib/session/live-clients.ts";
import type { Workspace } from "#lib/workspace.ts";
import { closeClientsOfChangedRoots, forgetKnownRoots } from "./close-clients-that-trust.ts";
import { endForbidden } from "./end-forbidden.ts";
import { log } from "./log.ts";

/**
 * While something of a person's goes on here (a database session, one that is waited for, unlocked writing), looks once a
 * second at what the store says of them now, and ends what is over: another console or the command line may have signed
 * them out, disabled them, taken their access, edited the connection, or changed roots that it trusts. Actions of this console end the same at once. To
 * be called whenever something is about to begin; with nothing going on it looks at nothing.
 */
export function watchStore(opened: Workspace): void {
  const watch = processWide<Watch>("store-watch", newWatch);
  if (watch.isOn) return;
  Object.assign(watch, newWatch(), { isOn: true });
  forgetKnownRoots();
  again(watch, opened);
}

/**
 * What another console ends is to have ended here within two seconds. Rows that were read a second ago still count as new,
 * so that a look may come too early by that, and the next one has to be in time, ms.
 */
const betweenLooks = 800;
/** So long what goes on may go on while nobody can say whether it may, ms. */
const longestSilence = 30_000;

/** Longer than one write takes after another, ms. */
const betweenWrites = 200;

interface Watch {
  isOn: boolean;
  /** The records as they were when everything that goes on was found to be allowed. */
  allowedAt: unknown;
  /** When the connections were edited that are unlocked. */
  unlocked: ReadonlyMap<string, string | undefined>;
  /** Since when the store does not answer; on the clock of `performance.now()`. */
  silentSince: number | undefined;
}

function newWatch(): Watch {
  return { isOn: false, allowedAt: undefined, unlocked: new Map(), silentSince: undefined };
}

function again(watch: Watch, opened: Workspace): void {
  setTimeout(() => {
    watch.isOn = liveClients().owners().length > 0 || writeUnlocks().all().length > 0;
    if (!watch.isOn) return;
    look(watch, opened)
      .catch((error: unknown) => log().error({ err: error }, "what others changed could not be looked at"))
      .finally(() => again(watch, opened));
  }, betweenLooks).unref();
}

async function look(watch: Watch, opened: Workspace): Promise<void> {
  const ended = await endWhatIsOver(watch, opened);
  if (ended.ok) {
    watch.silentSince = undefined;
    return;
  }
  watch.silentSince ??= performance.now();
  if (performance.now() - watch.silentSince < longestSilence) return;
  log().error({ problem: ended.problem.code }, "the store does not answer: what goes on is cancelled");
  cancelAll(ended.problem);
}

async function endWhatIsOver(watch: Watch, opened: Workspace): Promise<Result<void>> {
  const over = await sessionsOver(opened);
  if (!over.ok) return over;
  for (const sessionId of over.value) {
    log().info("a session has ended elsewhere: what it had open here is closed");
    closeClientsOfSession(sessionId);
  }
  const records = await opened.vault.read();
  if (!records.ok) return failed(records.problem);
  if (records.value === watch.allowedAt) return ok(undefined);
  const edited = await endEdited(watch, opened);
  if (!edited.ok) return edited;
  const distrusted = await closeClientsOfChangedRoots(opened);
  if (!distrusted.ok) return distrusted;
  const forbidden = await endForbidden(opened);
  if (forbidden.ok) watch.allowedAt = records.value;
  return forbidden;
}

/** The sessions of whatever goes on here that are over. */
async function sessionsOver(opened: Workspace): Promise<Result<ReadonlySet<string>>> {
  const first = await notLiving(opened);
  if (!first.ok || first.value.size === 0) return first;
  // Who changes their password has a number that is too low until their session is told the new one.
  await sleep(betweenWrites);
  const second = await notLiving(opened);
  return second.ok ? ok(new Set([...second.value].filter((id) => first.value.has(id)))) : second;
}

async function notLiving(opened: Workspace): Promise<Result<ReadonlySet<string>>> {
  const living = await livingSessions(opened);
  if (!living.ok) return living;
  const owners = [...liveClients().owners(), ...writeUnlocks().all(), ...unsavedConnections().owners()];
  const over = owners.filter(({ userId, sessionId }) => living.value.get(sessionId) !== userId);
  return ok(new Set(over.map(({ sessionId }) => sessionId)));
}

/** The users of the sessions that count at this moment, by session. */
async function livingSessions({ sessions, users }: Workspace): Promise<Result<ReadonlyMap<string, string>>> {
  const people = await users.list();
  if (!people.ok) return people;
  const counting = new Map(people.value.filter((user) => !user.disabled).map((user) => [user.id, user]));
  const living = [...(await sessions.now()).values()].filter(
    ({ userId, epoch }) => counting.get(userId)?.sessionsFrom === epoch,
  );
  return ok(new Map(living.map(({ id, userId }) => [id, userId])));
}

/** Ends what was opened with an earlier edit of a connection. One that is gone is nobody's to use: see `endForbidden`. */
async function endEdited(watch: Watch, { profiles }: Workspace): Promise<Result<void>> {
  const all = await profiles.list();
  if (!all.ok) return all;
  const byId = new Map(all.value.map((profile) => [profile.id, profile]));
  const isEdited = ({ profileId, rev, editedAt }: LiveOwner) => {
    const now = byId.get(profileId);
    // An unsaved connection that was saved is as it was; a note of an import that was read makes a revision, and no edit.
    return now !== undefined && now.rev !== rev && now.updatedAt !== editedAt;
  };
  for (const { profileId, rev } of liveClients().owners().filter(isEdited)) {
    liveClients().close({ profileId, rev }, changedMeanwhile());
    unsavedConnections().endOf(profileId);
  }
  const before = watch.unlocked;
  const ids = new Set(
    writeUnlocks()
      .all()
      .map((unlock) => unlock.connectionId),
  );
  watch.unlocked = new Map([...ids].map((id) => [id, byId.get(id)?.updatedAt]));
  for (const [id, editedAt] of watch.unlocked) {
    if (!before.has(id) || before.get(id) === editedAt) continue;
    writeUnlocks().endWhere(({ connectionId }) => connectionId === id);
  }
  return ok(undefined);
}

function cancelAll(why: Problem): void {
  liveClients().close({}, why);
  writeUnlocks().endWhere(() => true);
}
