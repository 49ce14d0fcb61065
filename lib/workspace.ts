import "server-only";
import type { Environment } from "#lib/env.ts";
import { type Drafts, drafts } from "#lib/notebook/drafts.ts";
import { gatherMs, type History, history } from "#lib/notebook/history.ts";
import { type SavedQueries, savedQueries, savedQueryMeta } from "#lib/notebook/saved-queries.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import { importVersion1 } from "#lib/saved/import-v1.ts";
import { type Labels, labels, labelsMeta } from "#lib/saved/labels.ts";
import { type LastSeen, lastSeen } from "#lib/saved/last-seen.ts";
import { type Moves, moves } from "#lib/saved/moves.ts";
import { type ProfileStore, profileStore } from "#lib/saved/profile-store.ts";
import { type RemovedProfiles, removedProfiles } from "#lib/saved/removed-profiles.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { postgresStore } from "#lib/stores/postgres/postgres-store.ts";
import { sessionsCounter, userKind } from "#lib/team/restored-users.ts";
import { openTeam, type Team } from "#lib/team/team.ts";
import { type GivenRootsStore, givenRootsStore } from "#lib/trust/given-roots.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import { type Backups, backups } from "#lib/vault/backups.ts";
import { collection } from "#lib/vault/collection.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";
import { watchedStore } from "#lib/vault/watched-store.ts";

/** Everything that is kept, put together once a process. */
export interface Workspace extends Team {
  readonly env: Environment;
  /** What keeps the vault: for one-time tokens. */
  readonly store: Store;
  readonly vault: Vault;
  readonly backups: Backups;
  readonly profiles: ProfileStore;
  /** Groups and tags. */
  readonly labels: Labels;
  readonly lastSeen: LastSeen;
  readonly removedProfiles: RemovedProfiles;
  readonly drafts: Drafts;
  /** Statements that were run. */
  readonly history: History;
  readonly savedQueries: SavedQueries;
  readonly moves: Moves;
  readonly givenRoots: GivenRootsStore;
  /** Where every connection finds the roots that it trusts. */
  readonly trustStores: TrustStores;
}

/**
 * Opens the vault and puts the rooms on it.
 * @param tell hears of every write that the store could not do
 * @param discarded hears why kept sessions are not believed any more, if that comes about after the opening
 * @returns the workspace, or why the vault stays locked (see `openVault`); ask again later: it may have been fixed
 */
export async function openWorkspace(
  env: Environment,
  tell: (trouble: Problem) => void = () => undefined,
  discarded: (why: Problem) => void = () => undefined,
): Promise<Result<Workspace>> {
  const store = watchedStore(storeOf(env), tell);
  const source = keySource(env.key);
  const vault = await openVault(store, source, { takeOver: (json) => importVersion1(json) });
  if (!vault.ok) return vault;
  const givenRoots = givenRootsStore(vault.value);
  return ok({
    ...(await openTeam(vault.value, store, discarded)),
    env,
    store,
    vault: vault.value,
    backups: backups(vault.value, store, source, { [userKind]: sessionsCounter }),
    profiles: profileStore(vault.value),
    labels: labels(collection(vault.value, "labels", labelsMeta)),
    lastSeen: lastSeen(vault.value),
    moves: moves(vault.value.document("moves")),
    removedProfiles: removedProfiles(vault.value.document("removed", { guarded: true, replaceable: true })),
    drafts: drafts((userId) => vault.value.notebook(userId)),
    history: history((userId) => vault.value.notebook(`history-${userId}`), {
      ...(env.historyDays === undefined ? {} : { days: env.historyDays }),
      gatherMs,
    }),
    savedQueries: savedQueries(collection(vault.value, "query", savedQueryMeta)),
    givenRoots,
    trustStores: { ...env.trustStore, given: givenRoots.of },
  });
}

/**
 * What keeps the vault of this host, whether or not it opens: the files, or the database that the settings name, and never
 * the one in the other's place. A database is reached by one way a process.
 */
export function storeOf(env: Environment): Store {
  const { store, stateDir } = env;
  if (store.kind === "file") return fileStore(env, { backupDays: env.backupDays });
  const opened = processWide("stores on PostgreSQL", () => new Map<string, Store>());
  const key = JSON.stringify([store, stateDir]);
  const found = opened.get(key) ?? postgresStore(store, env, { trustStore: env.trustStore });
  opened.set(key, found);
  return found;
}

/**
 * Whether there is a vault already, as far as can be told. The command line asks, so that a mere look makes none. Where it
 * cannot be told there is: then opening says why.
 */
export async function vaultExists(env: Environment): Promise<boolean> {
  const { records } = storeOf(env);
  const found =
    records.form === "text" ? await records.version() : await records.read(Number.MAX_SAFE_INTEGER);
  return !found.ok || found.value !== undefined;
}
