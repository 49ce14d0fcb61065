// `node deploy/lay-out-image.mjs FOLDER`: copies what a running console needs out of a checkout that is installed and
// built, and nothing that only building, testing or the demo needs. The Dockerfile's second stage is this folder.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { commandsBundle } from "../bin/bundle-commands.js";

const root = path.join(import.meta.dirname, "..");

/** Of the checkout itself: the build, and what the programs read. */
const ours = [".next", "bin", "messages", "public", "package.json", "LICENSE"];

/** Of those: what the build keeps for the next one, and what only a checkout runs. */
const notOurs = [".next/cache", ".next/diagnostics", ".next/types", ".next/trace", "bin/dev.js"];

/** Packages whose code is part of the build already, or that only make one. */
const buildOnly = [
  /^@next\/swc-/,
  /^@swc\/core/,
  /^@img\//,
  /^@parcel\//,
  /^@tailwindcss\//,
  /^@types\//,
  /^@codemirror\//,
  /^@lezer\//,
  /^@dagrejs\//,
  /^@hookform\//,
  /^(@playwright\/.*|playwright(-core)?)$/,
  /^@?esbuild/,
  /^(lightningcss|sharp|tailwindcss|jiti|enhanced-resolve|caniuse-lite|csstype|typescript)/,
  /^(lucide-react|react-hook-form|sql-formatter|next-intl-swc-plugin-extractor)$/,
];

/** Of Next: its documentation, its parts for building and developing, and what debuggers read. */
const notOfNext = [
  /^dist\/(docs|esm|bundle-analyzer)(\/|$)/,
  /^dist\/compiled\/(webpack|terser|babel|babel-packages|next-devtools|postcss-preset-env|crypto-browserify)(\/|$)/,
  /^dist\/compiled\/[^/]*-experimental(\/|$)/,
  /^dist\/compiled\/next-server\/.*(\.dev\.js|experimental.*)$/,
];

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error("Usage: node deploy/lay-out-image.mjs FOLDER");
  process.exit(2);
}
if (!existsSync(path.join(root, ".next/BUILD_ID"))) {
  console.error("There is no build yet: run `npm run build` first.");
  process.exit(1);
}
if (existsSync(out) && readdirSync(out).length > 0) {
  console.error(`${out} is not empty: name a new folder.`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const name of ours) copy(name, (file) => !notOurs.includes(file));
// One bundle of the commands, the one that fits: without the sources the image could not tell it from an older one.
const bundle = await commandsBundle();
if (bundle === undefined) process.exit(1);
copy(path.relative(root, path.dirname(fileURLToPath(bundle))), () => true);
for (const folder of installed()) copy(folder, (file) => isNeeded(file, folder));

/** Copies one file or folder of the checkout; `keep` says of each path in it, from the root, whether it goes along. */
function copy(name, keep) {
  cpSync(path.join(root, name), path.join(out, name), {
    recursive: true,
    filter: (source) => keep(path.relative(root, source).replaceAll(path.sep, "/")),
  });
}

/** Folders of the packages that are installed for running, from the root. */
function installed() {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  return (
    Object.entries(packages)
      // Next asks for semver at run time; the lockfile knows it as one of the tools' as well.
      .filter(
        ([folder, { dev = false, devOptional = false }]) =>
          folder !== "" && !dev && (!devOptional || folder === "node_modules/semver"),
      )
      .map(([folder]) => folder)
      .filter((folder) => existsSync(path.join(root, folder)))
      .filter((folder) => !buildOnly.some((pattern) => pattern.test(nameOf(folder))))
  );
}

function isNeeded(file, folder) {
  const within = file.slice(folder.length + 1);
  // A package within a package is one of those that are installed: it is copied, or left out, on its own.
  if (within === "node_modules" || within.startsWith("node_modules/")) return false;
  if (/\.(map|d\.[cm]?ts|md|markdown)$/i.test(within) && !/licen[cs]e/i.test(within)) return false;
  return nameOf(folder) !== "next" || !notOfNext.some((pattern) => pattern.test(within));
}

/** `@scope/name` of `node_modules/a/node_modules/@scope/name`. */
function nameOf(folder) {
  return folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
}
