import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, "../../..");

/** Every source file below the given folders of the repository. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(tsx?|js)$/.test(entry.name))
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return { path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") };
      }),
  );
}

/** Every source file that stands in a room, the command line's entry without an ending included. */
export function houseFiles(): readonly SourceFile[] {
  const entry = "bin/cloak-db";
  return [
    ...sourceFiles("messages", "lib", "components", "app", "bin"),
    { path: entry, text: readFileSync(join(root, entry), "utf8") },
  ];
}

/** What a file imports for its values (types vanish), as paths from the repository's root. */
export function valueImports(file: SourceFile): readonly string[] {
  const found: string[] = [];
  for (const match of file.text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"([^"]+)"/gm)) {
    const target = match[1] ?? "";
    if (target.startsWith("#")) found.push(target.slice(1));
    else if (target.startsWith(".")) {
      const parts = file.path.split("/").slice(0, -1);
      for (const part of target.split("/")) {
        if (part === "..") parts.pop();
        else if (part !== ".") parts.push(part);
      }
      found.push(parts.join("/"));
    } else found.push(target);
  }
  return found;
}
