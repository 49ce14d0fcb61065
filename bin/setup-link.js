import { readFileSync } from "node:fs";
import path from "node:path";
import { word } from "./words.js";

/**
 * Tells the first person the way in. The server calls `offered` when it has laid out a token, and then writes no line
 * of its own (app/_server/offer-setup.ts): until the console is ready that is kept, afterwards a new link is printed.
 * @param {(line: string) => void} say
 */
export function setupLink(say) {
  let address;
  const print = () => {
    // lib/env.ts leaves here what the server read from its environment: this is the same process.
    const link = setupUrl(address, globalThis[Symbol.for("cloak-db.environment")]?.environment?.value);
    if (link !== undefined) say(word("start.setup", { url: link }));
  };
  globalThis[Symbol.for("cloak-db.setup-link")] = {
    offered: () => {
      if (address !== undefined) print();
    },
  };
  return {
    /** @param {string} url where the console listens */
    ready(url) {
      address = url;
      print();
    },
  };
}

/**
 * The link with the token that the server wrote because nobody has an account yet; undefined when there is none. It
 * begins as people type the console's address.
 * @param {string} address where the console listens
 * @param {{ stateDir: string, publicUrl?: string } | undefined} environment as lib/env.ts reads it
 */
export function setupUrl(address, environment) {
  if (environment === undefined) return undefined;
  try {
    const token = readFileSync(path.join(environment.stateDir, "setup-token"), "utf8").trim();
    return /^[a-z2-7]{32}$/.test(token)
      ? `${environment.publicUrl ?? address}/setup#token=${token}`
      : undefined;
  } catch {
    return undefined;
  }
}
