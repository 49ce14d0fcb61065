import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { problem } from "#lib/problems/problem.ts";
import { processWide } from "#lib/process-wide.ts";
import { liveClients } from "#lib/session/live-clients.ts";
import { log } from "./log.ts";
import { workspace } from "./workspace.ts";

/** So long a statement has to end after its server was told to cancel it; what starts this process kills it after ten. */
const longestWait = 7000;

/**
 * What happens between the signal and the end of the process: every statement is cancelled on its server, whoever waits
 * for it is told, and sessions are closed. bin/start.js, which hears the signal, finds this under its name and lets no
 * new request in from then on.
 */
export function offerStop(): void {
  processWide("stop", () => ({ run: stop }));
}

async function stop(): Promise<void> {
  const clients = liveClients();
  const { inUse, opening, idle } = clients.count();
  log().info({ statements: inUse + opening, idle }, "stopping: statements are cancelled and sessions closed");
  const begun = performance.now();
  const recall = () => clients.close({}, problem("console-stopping"));
  recall();
  // A request that was on its way in when the signal came may have acquired a session since.
  const again = setTimeout(recall, 1000);
  for (;;) {
    const left = clients.count();
    if (left.inUse + left.opening === 0 && performance.now() - begun > 200) break;
    if (performance.now() - begun > longestWait) {
      log().warn({ statements: left.inUse + left.opening }, "stopping: statements did not end in time");
      break;
    }
    await sleep(50);
  }
  clearTimeout(again);
  await keepRest();
  log().info("stopped");
}

/** What was counted in the minute that runs, and the last statements, stand in memory alone until then. */
async function keepRest(): Promise<void> {
  const opened = await workspace();
  if (!opened.ok) return;
  await opened.value.history.flush();
  const written = await opened.value.audit.flush();
  if (!written.ok) log().error({ problem: written.problem.code }, "the last minute of the audit log is lost");
}
