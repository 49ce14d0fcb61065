import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { KeySetting } from "#lib/env.ts";
import type { Problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import { type FileStoreOptions, fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import type { VaultFolders } from "#lib/stores/file/vault-folders.ts";
import { openVault, type VaultOptions } from "#lib/vault/open-vault.ts";
import type { Vault } from "#lib/vault/vault.ts";

/** The folders of a vault and what opens it, as the host's settings say. */
export interface VaultSetup extends VaultFolders {
  readonly key: KeySetting;
}

export interface ScratchVault extends VaultSetup {
  readonly file: string;
  readonly keyFile: string;
  readonly guard: string;
}

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Folders for one vault, empty, removed after the test. */
export function scratchVault(): ScratchVault {
  const folder = mkdtempSync(join(tmpdir(), "cloak-vault-"));
  made.push(folder);
  const configDir = join(folder, "config");
  const stateDir = join(folder, "state");
  mkdirSync(configDir, { mode: 0o700 });
  mkdirSync(stateDir, { mode: 0o700 });
  const keyFile = join(stateDir, "vault.key");
  return {
    configDir,
    stateDir,
    key: { from: "generated", path: keyFile },
    file: join(configDir, "config.json"),
    keyFile,
    guard: join(stateDir, "highest-revision.json"),
  };
}

/** Opens the vault of some folders as the console does. */
export function openFileVault(
  setup: VaultSetup,
  { takeOver, ...options }: VaultOptions & FileStoreOptions = {},
): Promise<Result<Vault>> {
  const taking = takeOver === undefined ? {} : { takeOver };
  return openVault(fileStore(setup, options), keySource(setup.key, options.disk), taking);
}

/** The vault, where the test needs it to open. */
export async function opened(setup: VaultSetup, options?: VaultOptions & FileStoreOptions): Promise<Vault> {
  return value(await openFileVault(setup, options));
}

/** The value of a result that must be one. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`unexpected problem ${JSON.stringify(result.problem)}`);
  return result.value;
}

/** The problem of a result that must be one. */
export function problemOf(result: Result<unknown>): Problem {
  if (result.ok) throw new Error("expected a problem");
  return result.problem;
}
