import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Result } from "#lib/problems/result.ts";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { openVault } from "#lib/vault/open-vault.ts";
import type { Store } from "#lib/vault/store.ts";
import type { Vault } from "#lib/vault/vault.ts";

/** A place where one vault is kept. */
export interface Place {
  /** What another process is told, to find it. */
  readonly given: string;
  store(): Store;
  /** Opens it as the console does; makes the vault where there is none. */
  open(): Promise<Result<Vault>>;
  /** Where its key lies. */
  readonly keyFile: string;
  /** What killed processes left there, by name. */
  leftOvers(): readonly string[];
  /** Lets go of what it holds. */
  end?(): Promise<void>;
}

/** How a place is used. */
export interface Use {
  /** Files only: the disk, and how large a part of a log grows. */
  readonly disk?: Disk;
  readonly partBytes?: number;
  /** A file system without hard links. */
  readonly noLinks?: true;
  /** Files only: how long a backup stays, days. */
  readonly backupDays?: number;
}

/** A kind of store that is put to the test. */
export interface StoreKind {
  /** A fresh place; what it needs of the disk lies in this folder. */
  make(folder: string): Promise<Place>;
  /** The place that another process was told of. */
  at(given: string, use?: Use): Place | Promise<Place>;
  /** Ends what was started for its places. */
  end?(): Promise<void>;
}

/** One line for each kind: `--store NAME` takes it. */
export const storeKinds = {
  file: { make: makeFolders, at: filesAt },
  // Loaded when it is asked for: a thousand processes begin that need no database.
  postgres: {
    make: async (folder: string) => (await import("./postgres-place.ts")).makeSchema(folder),
    at: async (given: string) => (await import("./postgres-place.ts")).postgresAt(given),
    end: async () => (await import("./postgres-place.ts")).endServer(),
  },
} satisfies Record<string, StoreKind>;

export type StoreName = keyof typeof storeKinds;

/** The folders of a file store below one folder. */
export function foldersBelow(folder: string) {
  return { configDir: join(folder, "config"), stateDir: join(folder, "state") };
}

/** A copy of what lies in one place, in another folder. */
export function copyFiles(given: string, folder: string, use: Use = {}): Place {
  cpSync(given, folder, { recursive: true, mode: 0 });
  return filesAt(folder, use);
}

async function makeFolders(folder: string): Promise<Place> {
  for (const path of Object.values(foldersBelow(folder))) mkdirSync(path, { recursive: true, mode: 0o700 });
  return filesAt(folder);
}

/** Longer than any writer of a test waits for another: who gives up is not what is tried here. */
const patience = 60_000;

function filesAt(folder: string, use: Use = {}): Place {
  const folders = foldersBelow(folder);
  const { noLinks, disk: given = nodeDisk, ...rest } = use;
  const disk = noLinks ? withoutLinks(given) : given;
  const options = { patience, ...rest, disk };
  const key = { from: "generated", path: join(folders.stateDir, "vault.key") } as const;
  return {
    given: folder,
    keyFile: key.path,
    store: () => fileStore(folders, options),
    open: () => openVault(fileStore(folders, options), keySource(key, disk)),
    leftOvers: () =>
      Object.values(folders).flatMap((below) =>
        readdirSync(below, { recursive: true, encoding: "utf8" }).filter(isLeftOver),
      ),
  };
}

function withoutLinks(disk: Disk): Disk {
  return {
    ...disk,
    link: async () => {
      throw Object.assign(new Error("EPERM: no links here"), { code: "EPERM", syscall: "link" });
    },
  };
}

/** Half a file, a folder that waits for a lock, or a lock that somebody holds. */
function isLeftOver(path: string): boolean {
  return /\.tmp$|\.lock\.[0-9a-f]{16}$|\.lock\/[0-9a-f]{16}$/.test(path);
}
