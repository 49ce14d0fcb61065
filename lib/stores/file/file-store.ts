import "server-only";
import { statfs } from "node:fs/promises";
import type { TextStore } from "#lib/vault/store.ts";
import { claimFolder } from "./console-claim.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { documentFile } from "./document-file.ts";
import { folderContents } from "./folder-contents.ts";
import { logFile } from "./log-file.ts";
import { noteFile } from "./note-file.ts";
import { notebookFile } from "./notebook-file.ts";
import { recordsFile } from "./records-file.ts";
import { recoveryCommands } from "./recovery-commands.ts";
import { raiseGuard, readGuard } from "./revision-guard.ts";
import { tryOut } from "./try-out.ts";
import type { VaultFolders } from "./vault-folders.ts";

export interface FileStoreOptions {
  readonly disk?: Disk;
  /** How long whoever wants to write waits for another writer, from the moment of asking, ms. */
  readonly patience?: number;
  /** How large a part of a log grows, bytes. */
  readonly partBytes?: number;
  /** How long a backup stays after it was replaced, days. */
  readonly backupDays?: number | undefined;
}

/** Longer than any save takes, and shorter than people wait. */
const usualPatience = 5000;

/** Some 25,000 lines: read through in less than a second. */
const usualPart = 8 * 1024 * 1024;

/** A store of files: `config.json` with its backups, other files beside it, and a folder for what must lie apart. */
export function fileStore(
  { configDir, stateDir }: VaultFolders,
  { disk = nodeDisk, patience = usualPatience, partBytes = usualPart, backupDays }: FileStoreOptions = {},
): TextStore {
  const folders = { configDir, stateDir };
  const file = recordsFile(folders, disk, patience, backupDays);
  return {
    place: file.path,
    records: file.records,
    document: (name) => documentFile(name, folders, file, disk),
    log: (name, storeId) => logFile(name, storeId, folders, file, disk, { partBytes }),
    notebook: (owner) => notebookFile(owner, configDir, file, disk),
    contents: () => folderContents(configDir, disk),
    note: (name) => noteFile(name, stateDir, disk),
    claim: async () => {
      const ready = await file.records.prepare();
      return ready.ok ? claimFolder(disk, configDir) : ready;
    },
    memory: {
      recall: () => readGuard(stateDir, disk),
      raise: async (storeId, seen) => {
        await raiseGuard(stateDir, storeId, seen, file.path, disk);
      },
    },
    hints: recoveryCommands(file.path, stateDir),
    tryOut: () => tryOut({ configDir, stateDir }, file, disk),
    networkKind: () => networkFileSystem(configDir),
  };
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
