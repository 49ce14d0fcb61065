import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const decisions = readFileSync(join(root, "DECISIONS.md"), "utf8");
const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");

describe("DECISIONS.md", () => {
  const entries = readEntries(decisions);

  test("has a date and a title over every entry, and a blank line before it", () => {
    const headings = decisions.split("\n").filter((line) => line.startsWith("#"));
    expect(headings.slice(1).filter((line) => !/^## \d{4}-\d\d-\d\d · \S/.test(line))).toEqual([]);
    expect(decisions.match(/\S\n## .*/g)).toBeNull();
    expect(entries.length).toBe(headings.length - 1);
  });

  test("says nothing twice", () => {
    expect(doubles(entries.map(({ title, text }) => ({ name: title, text: `${title}\n${text}` })))).toEqual(
      [],
    );
  });

  test("goes by date, newest last", () => {
    const dates = entries.map(({ date }) => date);
    expect(dates).toEqual(dates.toSorted());
  });

  test("marks an entry that a later one unmakes", () => {
    const unmarked = entries
      .flatMap(({ text }) => [...text.matchAll(/unmakes "([^"]+)"/g)].map(([, title]) => title))
      .filter((title) => !entries.find((entry) => entry.title === title)?.text.match(/^Unmade on /m));
    expect(unmarked).toEqual([]);
  });

  test("dates every mark, no earlier than what it unmakes", () => {
    const wrong = entries.filter(({ date, text }) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("Unmade"))
        .some((line) => (/^Unmade on (\d{4}-\d\d-\d\d)(?:, in part)?: \S/.exec(line)?.[1] ?? "") < date),
    );
    expect(wrong.map(({ title }) => title)).toEqual([]);
  });
});

test("CHANGELOG.md says nothing twice in one release", () => {
  for (const release of changelog.split(/^## /m).slice(1)) {
    const lines = release.split(/\n(?=- |###? )/).filter((line) => line.startsWith("- "));
    expect(lines).not.toEqual([]);
    expect(doubles(lines.map((text) => ({ name: text, text })))).toEqual([]);
  }
});

describe("a double is found", () => {
  const text = `PgBouncer, Neon's proxy and Supavisor stand behind names of one's own. Their words are unmistakable and
are read everywhere, the host's own provider first.`;

  test.each([
    ["word for word", "Errors of poolers", text],
    ["under another title", "Poolers", text],
    ["with other words here and there", "Poolers", text.replace("unmistakable and", "clear, so they")],
    [
      "with a sentence more",
      "Poolers",
      `${text} Words that others use count at their provider's hosts only.`,
    ],
    [
      "under the same title",
      "Errors of Poolers",
      "Something else that nobody has said before, in a sentence of its own.",
    ],
  ])("%s", (_, title, other) => {
    expect(doubles([entry("Errors of poolers", text), entry(title, other)])).toEqual([
      [expect.anything(), title],
    ]);
  });

  test("and two that share a subject are none", () => {
    const other =
      "Settings, locks and what is prepared go in one round trip; a pooler that refuses is asked for each part.";
    expect(doubles([entry("Errors of poolers", text), entry("Frames of poolers", other)])).toEqual([]);
  });

  function entry(name: string, body: string) {
    return { name, text: `${name}\n${body}` };
  }
});

interface Entry {
  readonly date: string;
  readonly title: string;
  readonly text: string;
}

function readEntries(document: string): readonly Entry[] {
  return [...document.matchAll(/^## (\d{4}-\d\d-\d\d) · (.+)\n([\s\S]*?)(?=^## |(?![\s\S]))/gm)].map(
    ([, date = "", title = "", text = ""]) => ({ date, title, text }),
  );
}

/** Pairs with the same name, or of which the shorter stands for the most part in the longer. */
function doubles(
  entries: readonly { readonly name: string; readonly text: string }[],
): readonly (readonly string[])[] {
  const read = entries.map(({ name, text }) => ({ name, pieces: threeWords(text) }));
  return read.flatMap((one, index) =>
    read
      .slice(index + 1)
      .filter((other) => plain(one.name) === plain(other.name) || shared(one.pieces, other.pieces) > 0.5)
      .map((other) => [one.name, other.name]),
  );
}

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const least = Math.min(one.size, other.size);
  return least === 0 ? 0 : [...one].filter((piece) => other.has(piece)).length / least;
}

/** Every three words in a row: what two texts share of them, they share by copying. */
function threeWords(text: string): ReadonlySet<string> {
  const words = plain(text).split(" ");
  return new Set(words.slice(2).map((word, index) => `${words[index]} ${words[index + 1]} ${word}`));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
