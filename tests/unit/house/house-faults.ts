import { importsOf, packageOf } from "./imports.ts";
import { type Room, rooms } from "./rooms.ts";
import type { SourceFile } from "./source-files.ts";

/** Every import that the order of the rooms, or a room's list of packages, does not allow; a sentence each. */
export function forbiddenImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const at = roomIndex(file.path);
    const room = rooms[at];
    if (room === undefined) return [`${file.path} stands in no room`];
    return importsOf(file).flatMap(({ target, kind }) => {
      const to = roomIndex(target);
      if (to > at) return [`${file.path} reaches up into ${rooms[to]?.path}: ${kind} of ${target}`];
      if (to === -1 && isOurs(target)) return [`${file.path} imports ${target}, which stands in no room`];
      if (to === -1 && !mayUse(room, packageOf(target)))
        return [`${file.path} is not to use the package ${packageOf(target)}: ${kind}`];
      return [];
    });
  });
}

/** Files that import each other, directly or by others. A type is no excuse: it belongs beside its data. */
export function fileCircles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file).map(({ target }) => target)]));
  const circles: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path) ?? 0);
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      // What has left the stack belongs to a circle of its own.
      if (stack.includes(next)) low.set(path, Math.min(low.get(path) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const { path } of files) if (!index.has(path)) visit(path);
  return circles;
}

/** Where a path's room stands in the list, from the ground up; -1 for what is in none. */
export function roomIndex(path: string): number {
  return rooms.findIndex((room) => path === room.path || path.startsWith(`${room.path}/`));
}

function mayUse(room: Room, name: string): boolean {
  return name === "node" || name === "server-only" || name === "package.json" || room.packages.includes(name);
}

function isOurs(target: string): boolean {
  return /^(lib|app|components|messages|bin|tests)\//.test(target);
}
