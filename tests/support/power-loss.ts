import { constants, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";

/**
 * What a disk was told, in order. A name is what a folder says; content belongs to the file behind it. Neither is safe
 * before it was synced, each on its own: content by the file's sync, names by their folder's.
 */
export type Told =
  | { readonly kind: "content"; readonly file: number; readonly bytes: Buffer; readonly added: boolean }
  | { readonly kind: "name"; readonly path: string; readonly file: number | undefined }
  | { readonly kind: "moved"; readonly from: string; readonly to: string; readonly file: number }
  | { readonly kind: "synced-file"; readonly file: number }
  | { readonly kind: "synced-folder"; readonly path: string };

/** The files of some folders with their contents, by path. */
export type Files = ReadonlyMap<string, Buffer>;

/** The real disk, and a list of all that it is told from now on. */
export function recordingDisk(folders: readonly string[]): { readonly disk: Disk; readonly told: Told[] } {
  const told: Told[] = [];
  const files = new Map<string, number>();
  let next = 0;
  for (const path of filesBelow(folders).keys()) {
    next += 1;
    files.set(path, next);
  }
  const fileOf = (path: unknown) => files.get(String(path)) ?? -1;
  const name = (path: string, file: number | undefined) => {
    if (isOfLock(path)) return;
    if (file === undefined) files.delete(path);
    else files.set(path, file);
    told.push({ kind: "name", path, file });
  };

  const disk = {
    ...nodeDisk,
    open: async (...given: Parameters<Disk["open"]>) => {
      const handle = await nodeDisk.open(...given);
      const [path, flags] = given;
      const has = (flag: number) => typeof flags === "number" && (flags & flag) !== 0;
      if (has(constants.O_CREAT) && !files.has(String(path))) {
        next += 1;
        name(String(path), next);
        told.push({ kind: "content", file: next, bytes: Buffer.alloc(0), added: true });
      }
      // What is not added goes over what there is, as the head of a log does.
      const added = has(constants.O_APPEND) || has(constants.O_EXCL);
      return isOfLock(String(path))
        ? handle
        : recordingHandle(handle, { path: String(path), file: fileOf(path), added }, told);
    },
    link: async (from: string, to: string) => {
      await nodeDisk.link(from, to);
      name(to, fileOf(from));
    },
    rename: async (from: string, to: string) => {
      await nodeDisk.rename(from, to);
      if (isOfLock(to)) return;
      const file = fileOf(from);
      files.delete(from);
      files.set(to, file);
      told.push({ kind: "moved", from, to, file });
    },
    unlink: async (path: string) => {
      await nodeDisk.unlink(path);
      name(path, undefined);
    },
  };
  return { disk: disk as unknown as Disk, told };
}

/** A lock means nothing after the machine was started again, so its names need not be safe, and none of them is asked for. */
const isOfLock = (path: string) => path.includes(".lock");

/**
 * Every state that the folders can be in when the power fails after the first `count` of what the disk was told: all
 * that was synced is there, and of the rest any part, names and contents each for themselves, in any combination.
 */
export function statesAfter(before: Files, told: readonly Told[], count: number): readonly Files[] {
  const done = told.slice(0, count);
  const names = new Map<string, number>();
  const contents = new Map<number, Buffer>();
  let next = 0;
  for (const [path, bytes] of before) {
    next += 1;
    names.set(path, next);
    contents.set(next, bytes);
  }

  const pendingNames: Extract<Told, { kind: "name" | "moved" }>[] = [];
  const latest = new Map<number, Buffer>(contents);
  const unsynced = new Set<number>();
  for (const event of done) {
    switch (event.kind) {
      case "content":
        latest.set(
          event.file,
          event.added ? Buffer.concat([latest.get(event.file) ?? Buffer.alloc(0), event.bytes]) : event.bytes,
        );
        unsynced.add(event.file);
        break;
      case "synced-file":
        unsynced.delete(event.file);
        contents.set(event.file, latest.get(event.file) ?? Buffer.alloc(0));
        break;
      case "synced-folder": {
        const safe = pendingNames.filter((pending) => dirname(pathOf(pending)) === event.path);
        for (const pending of safe) {
          apply(names, pending);
          pendingNames.splice(pendingNames.indexOf(pending), 1);
        }
        break;
      }
      default:
        pendingNames.push(event);
    }
  }

  return subsets(pendingNames).flatMap((kept) =>
    subsets([...unsynced]).map((written) => {
      const state = new Map(names);
      for (const pending of kept) apply(state, pending);
      return new Map(
        [...state].map(([path, file]) => {
          const lost = unsynced.has(file) && !written.includes(file);
          return [path, (lost ? contents : latest).get(file) ?? Buffer.alloc(0)];
        }),
      );
    }),
  );
}

/** All files below some folders. */
export function filesBelow(folders: readonly string[]): Files {
  const found = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  );
  return new Map(found.map((path) => [path, readFileSync(path)]));
}

/** Writes a state into other folders. */
export function layOut(state: Files, moved: (path: string) => string): void {
  for (const [path, bytes] of state) {
    mkdirSync(dirname(moved(path)), { recursive: true, mode: 0o700 });
    writeFileSync(moved(path), bytes, { mode: 0o600 });
  }
}

function recordingHandle(
  handle: FileHandle,
  { path, file, added }: { readonly path: string; readonly file: number; readonly added: boolean },
  told: Told[],
): FileHandle {
  return new Proxy(handle, {
    get: (target, member) => {
      if (member === "write") {
        return async (bytes: Buffer, offset: number) => {
          const written = await target.write(bytes, offset);
          const fresh = bytes.subarray(offset, offset + written.bytesWritten);
          told.push({ kind: "content", file, bytes: fresh, added: added || offset > 0 });
          return written;
        };
      }
      if (member === "sync") {
        return async () => {
          await target.sync();
          told.push(file === -1 ? { kind: "synced-folder", path } : { kind: "synced-file", file });
        };
      }
      const value: unknown = Reflect.get(target, member, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function pathOf(event: Extract<Told, { kind: "name" | "moved" }>): string {
  return event.kind === "moved" ? event.to : event.path;
}

function apply(names: Map<string, number>, event: Extract<Told, { kind: "name" | "moved" }>): void {
  if (event.kind === "moved") {
    names.delete(event.from);
    names.set(event.to, event.file);
  } else if (event.file === undefined) names.delete(event.path);
  else names.set(event.path, event.file);
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.reduce<readonly (readonly T[])[]>(
    (sets, item) => sets.flatMap((set) => [set, [...set, item]]),
    [[]],
  );
}
