import { readFileSync } from "node:fs";

const cli = JSON.parse(
  readFileSync(new URL(`../messages/${terminalLocale(process.env)}/cli.json`, import.meta.url), "utf8"),
);

/**
 * A text of the cli.json of the terminal's language with its `{values}` filled in. The server's process makes do with
 * this: an ICU formatter would cost it 18 MB.
 * @param {string} key dotted, as in `start.ready`
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  const text = key.split(".").reduce((at, part) => at?.[part], cli);
  if (typeof text !== "string") throw new Error(`cli.json has no ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** As lib/cli/terminal-locale.ts finds it, which this process does not load. */
function terminalLocale({ LC_ALL, LC_MESSAGES, LANG }) {
  const named = (LC_ALL || LC_MESSAGES || LANG || "").toLowerCase().replace(/[.@].*$/, "");
  if (/^fr(?:[_-]|$)/.test(named)) return "fr";
  if (/^zh[_-](?:hant|tw|hk|mo)(?:[_-]|$)/.test(named)) return "zh-TW";
  return "en";
}
