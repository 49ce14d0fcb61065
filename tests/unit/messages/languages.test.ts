import { type AbstractIntlMessages, createTranslator } from "use-intl/core";
import { describe, expect, test } from "vitest";
import { english, loadMessages, locales } from "#messages/load-messages.ts";

type Tree = { readonly [key: string]: string | Tree };

describe.each(locales)("%s", (locale) => {
  test("can say every word: each is a well-formed ICU message", async () => {
    const messages = await loadMessages(locale);
    const { markup } = createTranslator({
      locale,
      timeZone: "UTC",
      messages: messages as AbstractIntlMessages,
      onError: (error) => {
        throw error;
      },
    });
    // By a key that is known at run time only.
    const say = markup as (key: string, values: ReturnType<typeof stand>) => string;
    const broken: string[] = [];
    for (const [key, text] of flat(messages as unknown as Tree))
      for (const number of [0, 1, 2])
        try {
          const said = say(key, stand(values(text), number));
          if (said.trim() === "") broken.push(`${key} (${number}): says nothing`);
        } catch (error) {
          broken.push(`${key} (${number}): ${String(error)}`);
        }
    expect(broken).toEqual([]);
  });
});

describe.each(locales.filter((locale) => locale !== "en"))("%s", (locale) => {
  test("has every word that English has, and no other", async () => {
    const theirs = flat((await loadMessages(locale)) as unknown as Tree);
    expect([...theirs.keys()].sort()).toEqual([...flat(english as unknown as Tree).keys()].sort());
  });

  test("names the same values in each word", async () => {
    const theirs = flat((await loadMessages(locale)) as unknown as Tree);
    const wrong = [...flat(english as unknown as Tree)]
      .filter(([key, text]) => values(text).join() !== values(theirs.get(key) ?? "").join())
      .map(([key, text]) => `${key}: ${values(text).join()} became ${values(theirs.get(key) ?? "").join()}`);
    expect(wrong).toEqual([]);
  });
});

/** Every word by its dotted key. */
function flat(tree: Tree, before = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === "string") all.set(before + name, value);
    else for (const [key, text] of flat(value, `${before}${name}.`)) all.set(key, text);
  }
  return all;
}

/** Something for every name: the number for a value, for a tag the text inside it. */
function stand(
  names: readonly string[],
  number: number,
): Record<string, number | ((inside: string) => string)> {
  return Object.fromEntries(
    names.map((name) =>
      name.startsWith("<") ? [name.slice(1, -1), (inside: string) => inside] : [name, number],
    ),
  );
}

/** The names of the values and tags in an ICU message, each once, in the order of the alphabet. */
function values(text: string): string[] {
  const tags = [...text.matchAll(/<(\w+)>/g)].map((match) => `<${match[1]}>`);
  return [...new Set([...tags, ...named(text)])].sort();
}

/**
 * The names in `{name}`, `{name, number}` and `{name, select, …}`, those inside a choice's branches too. The branches
 * of a select count as well, as `name.branch`: they are facts, while those of a plural are the language's own.
 */
function named(text: string): string[] {
  return braced(text).flatMap((inside) => {
    const [, name = "", kind, branches = ""] = /^\s*(\w+)\s*(?:,\s*(\w+)\s*(?:,(.*))?)?$/s.exec(inside) ?? [];
    const choice = kind === "select" || kind === "plural" || kind === "selectordinal";
    if (!choice) return [name];
    const within = braced(branches);
    const keys = within.reduce((rest, branch) => rest.replace(`{${branch}}`, () => " "), branches).trim();
    const facts = kind === "select" ? keys.split(/\s+/).map((key) => `${name}.${key}`) : [];
    return [name, ...facts, ...within.flatMap(named)];
  });
}

/** What stands inside each outermost pair of braces. */
function braced(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [at, sign] of [...text].entries()) {
    if (sign === "{" && depth++ === 0) start = at + 1;
    else if (sign === "}" && --depth === 0) found.push([...text].slice(start, at).join(""));
  }
  return found;
}
