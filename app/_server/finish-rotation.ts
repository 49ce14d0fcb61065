import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { shortId } from "#lib/vault/key-slots.ts";
import type { Workspace } from "#lib/workspace.ts";
import { log } from "./log.ts";
import { workspace } from "./workspace.ts";

const every = 10 * 60_000;

/**
 * Goes on with what a rotation of the data key left, as long as this console runs: whoever rotates on the command line
 * leaves documents and notebooks to the process that writes them.
 */
export function offerRotation(): void {
  const look = async () => {
    const opened = await workspace();
    const finished = opened.ok ? await finishRotation(opened.value) : ok(undefined);
    if (!finished.ok)
      log().warn({ problem: finished.problem.code }, "the data key's rotation is not finished");
  };
  processWide("rotation", () =>
    setInterval(() => {
      look().catch((error: unknown) => log().error({ err: error }, "the data key's rotation failed"));
    }, every).unref(),
  );
}

/** Seals with the active key what a former one was used for, and lets the former ones go that nothing needs. */
export async function finishRotation({
  audit,
  removedProfiles,
  store,
  vault,
}: Workspace): Promise<Result<void>> {
  const now = await vault.read();
  if (!now.ok) return now;
  if (now.value.keyring.dataKeys.size === 1) return ok(undefined);
  // Loaded now: there is hardly ever anything to do.
  const { dropUnused, resealRest } = await import("#lib/vault/key-rotation.ts");
  const rest = await resealRest(vault, store);
  if (!rest.ok) return rest;
  const lapsed = await removedProfiles.forgetLapsed();
  if (!lapsed.ok) return lapsed;
  const dropped = await dropUnused(vault, store);
  if (!dropped.ok) return dropped;
  if (dropped.value.length === 0) return ok(undefined);
  const object = dropped.value.map(shortId).join(", ");
  return audit.note({ actor: null }, { action: "key-drop", object });
}
