import "server-only";
import { readEnvironment } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Workspace } from "#lib/workspace.ts";
import { type GateRefusal, gate } from "./gate.ts";
import { noteServed } from "./last-served.ts";
import { log } from "./log.ts";
import { noteStoreTrouble } from "./store-trouble.ts";
import { watchClock } from "./watch-clock.ts";

/**
 * The one workspace of this process.
 *
 * @returns the workspace; or why there is none, and then the next call tries again: a locked vault can be fixed
 *   while the console runs
 */
export async function workspace(): Promise<Result<Workspace>> {
  noteServed();
  const slot = processWide<Slot>("workspace", () => ({ opening: undefined }));
  slot.opening ??= open();
  const opening = slot.opening;
  const opened = await opening.catch((error: unknown) => {
    if (slot.opening === opening) slot.opening = undefined;
    throw error;
  });
  // Asked again a moment later: opening may cost half a second (a passphrase), and every request of a locked page asks.
  if (!opened.ok && slot.opening === opening) {
    setTimeout(() => {
      if (slot.opening === opening) slot.opening = undefined;
    }, retryAfterMs).unref();
  }
  return opened;
}

const retryAfterMs = 1000;

/**
 * The claim of this process, made once. Where nothing can be written nobody can say that a console runs: then this one
 * goes on, and what it cannot write it says where it is asked to.
 */
async function claim(store: Store): Promise<Problem | undefined> {
  const slot = processWide<{ claimed: boolean }>("claim", () => ({ claimed: false }));
  if (slot.claimed) return undefined;
  const claimed = await store.claim();
  if (!claimed.ok) return claimed.problem.code === "vault-in-use" ? claimed.problem : undefined;
  slot.claimed = true;
  process.once("exit", () => claimed.value.release());
  return undefined;
}

interface Slot {
  opening: Promise<Result<Workspace>> | undefined;
}

async function open(): Promise<Result<Workspace>> {
  const env = readEnvironment();
  if (!env.ok) return env;
  // Loaded when it is needed: whoever only names the type does not pull in the whole house.
  const { openWorkspace, storeOf } = await import("#lib/workspace.ts");
  const refused = await claim(storeOf(env.value));
  if (refused !== undefined) return failed(refused);
  const opened = await openWorkspace(env.value, noteStoreTrouble, (why) => {
    if (!opened.ok) return;
    noteDiscarded(opened.value, why).catch((error: unknown) =>
      log().error({ err: error }, "that the sessions ended was not noted"),
    );
  });
  gate().cookieKey = opened.ok ? opened.value.sessionCookieKey : undefined;
  if (opened.ok) await noteDiscarded(opened.value, opened.value.sessionsDiscarded);
  if (opened.ok) watchClock(opened.value);
  gate().noteRefusal = opened.ok ? (reason, source) => countRefusal(opened.value, reason, source) : undefined;
  return opened;
}

/** Sessions that were kept and cannot be believed have ended: said in both logs. */
async function noteDiscarded({ audit }: Workspace, why: Problem | undefined): Promise<void> {
  if (why === undefined) return;
  const { code, facts } = why;
  log().warn({ problem: code, facts }, "kept sessions cannot be used: everybody signs in again");
  const noted = await audit.note({ actor: null }, { action: "sessions-discard" }, code);
  if (!noted.ok) log().error({ problem: noted.problem.code }, "that the sessions ended was not noted");
}

function countRefusal({ audit }: Workspace, reason: GateRefusal, source: string | undefined): void {
  const code = reason === "not-signed-in" ? reason : "not-allowed";
  audit.count({ actor: null, source }, { action: "refused", object: reason }, code);
}
