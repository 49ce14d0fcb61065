import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.js";
import { word } from "./words.js";

/** Two folders below the root, as the sources are: what they find from where they lie, the bundle finds, too. */
const home = path.join(root, ".next-commands");

/**
 * The commands of lib/cli as plain JavaScript, made anew where a source has changed since: a program that is read as
 * TypeScript, file by file, takes four times as long to begin. Of several that need it at once each makes its own, and
 * the first one stays.
 * @returns {Promise<string | undefined>} the address of the module whose `main` runs a command; undefined where there is
 *   none that fits and this user may not write one: it has said so
 */
export async function commandsBundle() {
  const stamp = stampOf(sources);
  const made = stamp ?? readdirSync(home)[0] ?? "none";
  const folder = path.join(home, made);
  if (!existsSync(path.join(folder, "main.js")) && !(await make(folder))) return undefined;
  return pathToFileURL(path.join(folder, "main.js")).href;
}

const sources = ["lib", "messages", "package.json", "package-lock.json", "tsconfig.json"];

/** Undefined where no sources came along, as in an image: the bundle is as its maker made it. */
function stampOf(names) {
  if (!existsSync(path.join(root, "lib"))) return undefined;
  const hash = createHash("sha256");
  for (const name of names) add(hash, name);
  return hash.digest("hex").slice(0, 16);
}

/** @param name from the root: a checkout that was moved has the same sources */
function add(hash, name) {
  const file = path.join(root, name);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) hash.update(`${name} ${found.size} ${found.mtimeMs}\n`);
  else for (const entry of readdirSync(file).sort()) add(hash, path.join(name, entry));
}

async function make(folder) {
  const { build, stop } = await import("esbuild");
  const own = `${folder}.${process.pid}`;
  try {
    mkdirSync(own, { recursive: true });
    await build({
      absWorkingDir: root,
      entryPoints: ["lib/cli/main.ts"],
      outdir: own,
      bundle: true,
      // What a command does not ask for it does not load.
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      // Errors are told apart by their names.
      keepNames: true,
      plugins: [withoutServerOnly],
      logLevel: "silent",
    });
    removeOld();
    putInPlace(own, folder);
    return true;
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
    process.stderr.write(`${word("start.buildForbidden", { folder: root })}\n`);
    return false;
  } finally {
    rmSync(own, { recursive: true, force: true });
    await stop();
  }
}

/** Only a bundler of Next understands this package; here everything is the server. */
const withoutServerOnly = {
  name: "without server-only",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^server-only$/ }, () => ({ path: "server-only", namespace: "nothing" }));
    onLoad({ filter: /^server-only$/, namespace: "nothing" }, () => ({ contents: "" }));
  },
};

function putInPlace(own, folder) {
  try {
    renameSync(own, folder);
  } catch (error) {
    // Somebody else was sooner.
    if (!existsSync(path.join(folder, "main.js"))) throw error;
  }
}

/** A command that still runs may load more of its own bundle: what is a day old has ended. */
function removeOld() {
  for (const name of readdirSync(home)) {
    const folder = path.join(home, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > 86_400_000)
      rmSync(folder, { recursive: true, force: true });
  }
}
