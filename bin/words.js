import { readFileSync } from "node:fs";

const cli = JSON.parse(readFileSync(new URL("../messages/en/cli.json", import.meta.url), "utf8"));

/**
 * A text of messages/en/cli.json with its `{values}` filled in. The server's process makes do with this: an ICU
 * formatter would cost it 18 MB.
 * @param {string} key dotted, as in `start.ready`
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  const text = key.split(".").reduce((at, part) => at?.[part], cli);
  if (typeof text !== "string") throw new Error(`messages/en/cli.json has no ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
