import { readFileSync } from "node:fs";
import { get } from "node:http";
import path from "node:path";
import { word } from "./words.js";

/**
 * Prints where the console is, and the link of the set-up while nobody has an account.
 * @param {string} url
 * @param {string | undefined} stateDir the folder of the set-up token, as lib/env.ts read it
 */
export function sayReady(url, stateDir) {
  say(word("start.ready", { url }));
  const token = stateDir === undefined ? undefined : setupToken(stateDir);
  if (token) say(word("start.setup", { url: `${url}/setup#token=${token}` }));
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Asks the console for a page and waits for the end of the answer, or of the hope for one.
 * @param {string} url
 */
export function ask(url) {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      response.once("end", resolve);
    }).once("error", resolve);
  });
}

/** The token that the server wrote because nobody has an account yet. */
function setupToken(folder) {
  try {
    const text = readFileSync(path.join(folder, "setup-token"), "utf8").trim();
    return /^[a-z2-7]{32}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
