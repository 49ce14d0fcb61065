import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * Everything of Next that the start of the console uses and Next does not promise (16.4; dist/server/config.js).
 * `tests/unit/bin/next-internals.test.ts` fails first when a new version has changed one of them.
 */

/**
 * Gives Next the configuration that it wrote down at build time, the way its own standalone server does: running
 * next.config.mjs again would load the build's plugins, which is 40 MB and 80 ms.
 * @param {string} buildFolder
 */
export function takeBuiltConfig(buildFolder) {
  const file = path.join(buildFolder, "required-server-files.json");
  if (!existsSync(file)) return;
  const { config } = JSON.parse(readFileSync(file, "utf8"));
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
}

/**
 * Does a piece of work without Next's line of how long the configuration took, which was not even read here.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withoutConfigReport(work) {
  const { log } = console;
  console.log = (...args) => args.some((arg) => /Running next\.config/.test(arg)) || log(...args);
  try {
    return await work();
  } finally {
    console.log = log;
  }
}
