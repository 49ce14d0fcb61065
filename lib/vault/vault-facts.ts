import "server-only";
import { statfs } from "node:fs/promises";
import type { Backup } from "./backups.ts";
import { type Disk, systemErrorCode } from "./disk.ts";
import type { FileStore } from "./file-store.ts";
import type { Lock } from "./held-lock.ts";
import type { Snapshot } from "./inspect.ts";
import { lockMeans } from "./lock.ts";
import { format, formatVersion } from "./seal.ts";
import type { VaultSetup } from "./vault-setup.ts";

/** What may be shown of the vault. */
export interface VaultFacts {
  readonly path: string;
  readonly format: string;
  readonly version: number;
  /** The first letters of the store's id: enough to tell two vaults apart. */
  readonly storeId: string;
  readonly rev: number;
  readonly records: number;
  readonly key: {
    readonly from: VaultSetup["key"]["from"];
    /** The key's file, or the program that gives it; null for the variable. */
    readonly path: string | null;
    readonly kind: "raw" | "passphrase";
  };
  /** Key and data lie on one disk: who copies the disk has both. */
  readonly keyBesideData: boolean;
  /** How writers keep out of each other's way; null before the first write. */
  readonly lock: Lock["means"] | null;
  /** The kind of network file system that the vault lies on, where locks and syncs may not mean much; else null. */
  readonly networkFileSystem: string | null;
  /** Newest first. */
  readonly backups: readonly Backup[];
}

/** Gathers the facts of an opened vault. */
export async function vaultFacts(
  snapshot: Snapshot,
  setup: VaultSetup,
  store: FileStore,
  disk: Disk,
): Promise<VaultFacts> {
  const { document, slot } = snapshot;
  return {
    path: store.path,
    format,
    version: formatVersion,
    storeId: document.storeId.slice(0, 8),
    rev: document.rev,
    records: document.records.length,
    key: {
      from: setup.key.from,
      path: keyPath(setup.key),
      kind: slot.kdf.name === "hkdf" ? "raw" : "passphrase",
    },
    keyBesideData: await isKeyBesideData(setup.key, store.path, disk),
    lock: lockMeans() ?? null,
    networkFileSystem: await networkFileSystem(setup.configDir),
    backups: await store.backups(),
  };
}

function keyPath(setting: VaultSetup["key"]): string | null {
  switch (setting.from) {
    case "file":
    case "generated":
      return setting.path;
    case "command":
      return setting.argv[0];
    case "variable":
      return null;
  }
}

async function isKeyBesideData(setting: VaultSetup["key"], path: string, disk: Disk): Promise<boolean> {
  if (setting.from === "generated") return true;
  if (setting.from !== "file") return false;
  try {
    return (await disk.stat(setting.path)).dev === (await disk.stat(path)).dev;
  } catch (error) {
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
}

/** f_type of statfs(2) on Linux; other systems number them otherwise and are not told. */
const networkKinds: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
]);

async function networkFileSystem(folder: string): Promise<string | null> {
  if (process.platform !== "linux") return null;
  const found = await statfs(folder).catch(() => undefined);
  return networkKinds.get(Number(found?.type ?? 0) >>> 0) ?? null;
}
