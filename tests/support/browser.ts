import { execFile } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };

export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** What it needs in its environment besides ours. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a Chromium: CLOAK_DB_TEST_BROWSER, one of this machine's, else the one of the npm package @sparticuz/chromium,
 * unpacked into `node_modules/.cache`, where the next run finds it (the temporary folder, where that cannot be written).
 * @throws with what is missing when there is none that runs
 */
export async function findBrowser(): Promise<Browser> {
  const given = process.env.CLOAK_DB_TEST_BROWSER;
  const installed = [given, ...usual].find((file) => file !== undefined && existsSync(file));
  if (given !== undefined && installed !== given)
    throw new Error(`CLOAK_DB_TEST_BROWSER: there is no ${given}`);
  const executablePath = installed ?? (await unpackBrowser());
  const env = installed === undefined ? await librariesFor(executablePath) : {};
  await mustRun(executablePath, env);
  return { executablePath, args, env };
}

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** It fetches nothing by itself; and as root, or in a container, its sandbox cannot be set up. */
const args = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The package unpacks to the folder for temporary files of its process, so it gets a process with its own. */
async function unpackBrowser(): Promise<string> {
  const require = createRequire(import.meta.url);
  const version = manifest.devDependencies["@sparticuz/chromium"];
  const folder = path.join(cacheFolder(), `cloak-db-test-browser-${version}-${process.getuid?.() ?? "user"}`);
  if (!isOurs(folder)) {
    const fresh = mkdtempSync(`${folder}-`);
    const entry = pathToFileURL(require.resolve("@sparticuz/chromium")).href;
    const script = `import chromium from ${JSON.stringify(entry)}; await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      // On its own cloud's machines it also unpacks the libraries that a slim system lacks.
      env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
    });
    chmodSync(path.join(fresh, "chromium"), 0o755);
    try {
      renameSync(fresh, folder);
    } catch {
      // Another run was quicker.
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return path.join(folder, "chromium");
}

function cacheFolder(): string {
  const folder = path.join(import.meta.dirname, "../../node_modules/.cache");
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    // A checkout that belongs to somebody else.
    return tmpdir();
  }
}

/** In a folder that all users share, a name alone proves nothing. */
function isOurs(folder: string): boolean {
  if (!existsSync(path.join(folder, "chromium"))) return false;
  const found = lstatSync(folder);
  const mine = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
  if (!mine || (found.mode & 0o077) !== 0)
    throw new Error(`${folder} is not this user's own folder; remove it`);
  return true;
}

/** The system's own libraries where they suffice, else the package's. */
async function librariesFor(executablePath: string): Promise<Record<string, string>> {
  const folder = path.join(path.dirname(executablePath), "al2023", "lib");
  const runs = await mustRun(executablePath, {}).then(
    () => true,
    () => false,
  );
  return runs ? {} : { LD_LIBRARY_PATH: folder };
}

async function mustRun(executablePath: string, env: Readonly<Record<string, string>>): Promise<void> {
  try {
    // Enough to load every library.
    await promisify(execFile)(executablePath, ["--version"], {
      env: { ...process.env, ...env },
      timeout: 30_000,
    });
  } catch (cause) {
    const output =
      cause instanceof Error && "stderr" in cause ? String(cause.stderr).slice(0, 2000) : String(cause);
    throw new Error(
      `The end-to-end tests need a Chromium that runs. ${executablePath} does not:\n${output}\nInstall one, or name it in CLOAK_DB_TEST_BROWSER.`,
      { cause },
    );
  }
}
