import "server-only";
import { formerVariables, readEnvironment, scrubEnvironment } from "#lib/env.ts";
import { processWide } from "#lib/process-wide.ts";
import { setupToken } from "#lib/team/setup-token.ts";
import { dropOldSignInLink } from "#lib/team/sign-in-link.ts";
import { offerRotation } from "./finish-rotation.ts";
import { giveBackMemory } from "./give-back-memory.ts";
import { log } from "./log.ts";
import { offerSetup } from "./offer-setup.ts";
import { offerStop } from "./stop-console.ts";
import { workspace } from "./workspace.ts";

/**
 * What happens before the first answer: the environment is read and cleaned, the vault is opened, and with nobody in it
 * a set-up token is laid out. Nothing here stops the console: what is wrong is logged and shown on the locked page.
 */
export async function startConsole(): Promise<void> {
  const env = readEnvironment();
  for (const names of formerVariables())
    log().warn(names, "a setting has its old name, which a later version will not read");
  scrubEnvironment();
  offerStop();
  sayNodeIsOld();
  if (!env.ok) {
    log().error({ problem: env.problem.code, facts: env.problem.facts }, "the settings cannot be used");
    return;
  }
  const opened = await workspace();
  if (!opened.ok && opened.problem.code === "vault-in-use") {
    log().error({ facts: opened.problem.facts }, "another console runs on this folder");
    // bin/start.js, in this same process, ends it for that.
    processWide("in-use", () => ({ holder: String(opened.problem.facts.holder ?? "?") }));
    return;
  }
  if (!opened.ok) {
    log().error({ problem: opened.problem.code, facts: opened.problem.facts }, "the vault is locked");
    // One from an earlier start opens nothing now; whoever prints a link must not find it.
    const { storeOf } = await import("#lib/workspace.ts");
    await setupToken(storeOf(env.value))
      .remove()
      .catch((error: unknown) => log().warn({ err: error }, "the old set-up token cannot be removed"));
    return;
  }
  const { vault } = opened.value;
  if (vault.memory !== "kept") {
    log().warn(
      { memory: vault.memory },
      "what this host remembered of the vault is gone: an older copy put in place would not have been noticed",
    );
  }
  await dropOldSignInLink(opened.value.store).catch((error: unknown) =>
    log().warn({ err: error }, "an old sign-in link cannot be removed"),
  );
  const anybody = await opened.value.users.any();
  if (anybody.ok && !anybody.value) await offerSetup(opened.value.setupToken, "renew");
  else await opened.value.setupToken.remove();
  offerRotation();
  // Behind the first answers, which whoever started the console waits for.
  setTimeout(giveBackMemory, restAfterMs).unref();
}

const restAfterMs = 1500;

/** Lines of Node.js without security fixes; nodejs/Release schedule.json. */
const nodeEndOfLife: Readonly<Record<string, string>> = { "20": "2026-04-30" };

function sayNodeIsOld(): void {
  const since = nodeEndOfLife[process.versions.node.split(".")[0] ?? ""];
  if (since === undefined) return;
  log().warn(
    { node: process.versions.node, endOfLifeSince: since },
    "this Node.js no longer gets security fixes; Node.js 24 is recommended",
  );
}
