import "server-only";
import { ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import { recogniseProvider } from "#lib/providers/recognise-provider.ts";
import { closeClientsOf, unsavedConnections } from "#lib/session/close-clients.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * Closes the clients that were let in by a provider's given roots: they are to prove their server anew. To be called
 * whenever those roots were changed here.
 */
export async function closeClientsThatTrust(opened: Workspace, rootsId: string): Promise<Result<void>> {
  const closed = await closeThose(opened, new Set([rootsId]));
  // What is let in from now on is let in by these.
  knownRoots().stamps = undefined;
  return closed;
}

/** The same for roots that are others than when this was asked last: another console has changed them. */
export async function closeClientsOfChangedRoots(opened: Workspace): Promise<Result<void>> {
  const packs = await opened.givenRoots.list();
  if (!packs.ok) return packs;
  const now = new Map(packs.value.map((pack) => [pack.rootsId, pack.stamp]));
  const known = knownRoots();
  const before = known.stamps ?? now;
  known.stamps = now;
  const ids = [...before.keys(), ...now.keys()].filter((id) => before.get(id) !== now.get(id));
  return ids.length === 0 ? ok(undefined) : closeThose(opened, new Set(ids));
}

/** Nothing goes on: whatever begins is let in by the roots that are there then. */
export function forgetKnownRoots(): void {
  knownRoots().stamps = undefined;
}

function knownRoots() {
  return processWide<{ stamps: ReadonlyMap<string, string> | undefined }>("known-roots", () => ({
    stamps: undefined,
  }));
}

async function closeThose({ profiles }: Workspace, ids: ReadonlySet<string>): Promise<Result<void>> {
  const all = await profiles.list();
  if (!all.ok) return all;
  for (const profile of [...all.value, ...unsavedConnections().profiles()]) {
    const provider = recogniseProvider(profile.host);
    const id = provider === undefined ? undefined : rootsIdOf(provider);
    if (profile.tls.trust === "provider" && id !== undefined && ids.has(id)) closeClientsOf(profile.id);
  }
  return ok(undefined);
}
