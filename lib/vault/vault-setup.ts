import "server-only";
import type { KeySetting } from "#lib/env.ts";

/** Where the vault lies and what opens it: the part of an `Environment` that this room needs. */
export interface VaultSetup {
  readonly configDir: string;
  readonly stateDir: string;
  readonly key: KeySetting;
}
