import "server-only";
import { readEnvironment } from "#lib/env.ts";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import type { TrustStores } from "#lib/trust/provider-store.ts";
import type { Workspace } from "#lib/workspace.ts";
import { connectionsNamed, severalNamed } from "./named-connections.ts";

/** The saved connections, by name. */
export interface SavedConnections {
  /**
   * Finds a connection by its id, its exact name, else by its name in any case.
   * @returns `not-found` { name }; `setting-invalid` with the reason `name-several` and what to say of it, where several
   *   bear the name; or what keeps the vault shut
   */
  find(name: string): Promise<Result<ConnectionProfile>>;
  /** Where they find the roots that they trust; undefined as long as no name was asked for. */
  trustStores(): Promise<TrustStores | undefined>;
}

/** Opens the vault when the first name is asked for, and never makes one. */
export function savedConnections(): SavedConnections {
  let workspace: Promise<Result<Workspace> | "none"> | undefined;
  return {
    async trustStores() {
      const opened = await workspace;
      return opened === undefined || opened === "none" || !opened.ok ? undefined : opened.value.trustStores;
    },

    async find(name) {
      workspace ??= open();
      const opened = await workspace;
      if (opened === "none") return failed(problem("not-found", { name }));
      if (!opened.ok) return opened;
      const list = await opened.value.profiles.list();
      if (!list.ok) return list;
      const [found, ...more] = connectionsNamed(list.value, name);
      if (found !== undefined && more.length > 0) {
        const told = severalNamed(name, [found, ...more]);
        return failed(problem("setting-invalid", { reason: "name-several", name, told }));
      }
      const profile = found && (await opened.value.profiles.open(found.id));
      if (profile === undefined) return failed(problem("not-found", { name }));
      if (!profile.ok) return profile;
      return profile.value === undefined ? failed(problem("not-found", { name })) : ok(profile.value);
    },
  };
}

async function open(): Promise<Result<Workspace> | "none"> {
  const environment = readEnvironment();
  if (!environment.ok) return environment;
  // Loaded now: most checks name no saved connection.
  const { openWorkspace, vaultExists } = await import("#lib/workspace.ts");
  if (!(await vaultExists(environment.value))) return "none";
  return openWorkspace(environment.value);
}
