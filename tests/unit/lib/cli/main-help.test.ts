import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { loadMessages, locales } from "#messages/load-messages.ts";

// Commands are added by many hands, and each adds a line in each language.

const source = readFileSync(path.join(import.meta.dirname, "../../../../lib/cli/main.ts"), "utf8");
/** `start` is run by bin/cloak-db. */
const commands = ["start", ...[...source.matchAll(/^ {4}case "([a-z][a-z-]*)":$/gm)].map(([, name]) => name)];

test.each(locales)(
  "the help in %s names each command once, and its words stand in one column",
  async (locale) => {
    const { main } = (await loadMessages(locale)).cli.help;
    const lines = [...main.matchAll(/^ {2}([a-z][a-z-]*)( +)\S/gm)];
    expect(lines.map(([, name]) => name).sort()).toEqual([...commands].sort());
    expect(new Set(lines.map(([, name = "", gap = ""]) => name.length + gap.length)).size).toBe(1);
  },
);
