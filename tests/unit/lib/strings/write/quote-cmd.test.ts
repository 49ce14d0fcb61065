import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cmdNestedWord, cmdSet, quoteCmd } from "#lib/strings/write/quote-cmd.ts";

describe("D8: words for the Windows command prompt", () => {
  test.each<[string, string | undefined]>([
    ["plain", '"plain"'],
    ["with blank", '"with blank"'],
    ["a&b|c<d>e^f(g)!", '"a&b|c<d>e^f(g)!"'],
    ["back\\slash", '^"back\\slash^"'],
    ["$HOME `x`", '^"$HOME `x`^"'],
    ["ends in \\", '^"ends in \\\\^"'],
    ['a "b" c', '^"a \\^"b\\^" c^"'],
    ['\\"', '^"\\\\\\^"^"'],
    ["100%", '^"100^%^"'],
    ["%PATH%", '^"^%^PATH^%^"'],
    ["%PATH:x=y%", '^"^%^PATH:x=y^%^"'],
    ["é🔑", '"é🔑"'],
    ["two\nlines", undefined],
  ])("%j", (text, word) => {
    expect(quoteCmd(text)).toBe(word);
  });

  test("set takes a value as it is", () => {
    expect(cmdSet("PGPASSWORD", "a&b c")).toBe('set "PGPASSWORD=a&b c"');
    expect(cmdSet("PGPASSWORD", '5" 100%')).toBe('set ^"PGPASSWORD=5^" 100^%^"');
    expect(cmdSet("PGPASSWORD", "a\rb")).toBeUndefined();
  });

  test("what is read twice is plain, or not written", () => {
    expect(cmdNestedWord("--region")).toBe("--region");
    expect(cmdNestedWord("my profile")).toBe('"my profile"');
    for (const hostile of ["a`b", "a%b", "a^b", 'a"b', "a&b", "a)b", "a!b"]) {
      expect(cmdNestedWord(hostile)).toBeUndefined();
    }
  });

  const hostile = fc.string({
    unit: fc.constantFrom(...("ab =%PATH:\"'\\^&|<>()!$`;,é🔑".match(/./gu) ?? [])),
    maxLength: 30,
  });

  test("a program gets what was meant, by the rules of cmd and of the C runtime", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const word = quoteCmd(text) ?? "";
        expect(argumentsOf(afterCmd(`psql ${word}`).command)).toEqual(["psql", text]);
        expect(afterCmd(`psql ${word}`).stray).toBe("");
      }),
      { numRuns: 2000 },
    );
  });

  test("a variable gets what was meant", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const { command, stray } = afterCmd(cmdSet("X", text) ?? "");
        expect(stray).toBe("");
        expect(/^set "X=(.*)"$/su.exec(command)?.[1]).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

/**
 * What cmd makes of a typed line: variables first (an unknown one stays as it is), then quotes and carets. `stray`
 * holds what it would have taken for a command of its own.
 */
function afterCmd(line: string): { readonly command: string; readonly stray: string } {
  const expanded = line.replace(/%(PATH|a|b|P|PAT)(:[^%]*)?%/gi, "EXPANDED");
  let command = "";
  let stray = "";
  let quoted = false;
  for (let at = 0; at < expanded.length; at += 1) {
    const letter = expanded.charAt(at);
    if (letter === '"') quoted = !quoted;
    if (!quoted && letter === "^") {
      at += 1;
      command += expanded.charAt(at);
      continue;
    }
    if (!quoted && "&|<>".includes(letter)) stray += letter;
    command += letter;
  }
  return { command, stray };
}

/** "Parsing C command-line arguments" of Microsoft's runtime. */
function argumentsOf(line: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < line.length) {
    while (line[at] === " " || line[at] === "\t") at += 1;
    if (at >= line.length) break;
    let text = "";
    let quoted = false;
    while (at < line.length && (quoted || (line[at] !== " " && line[at] !== "\t"))) {
      let slashes = 0;
      while (line[at] === "\\") {
        slashes += 1;
        at += 1;
      }
      if (line[at] !== '"') {
        text += "\\".repeat(slashes);
        if (at < line.length && (quoted || (line[at] !== " " && line[at] !== "\t")))
          text += line.charAt(at++);
        continue;
      }
      text += "\\".repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) text += '"';
      else quoted = !quoted;
      at += 1;
    }
    found.push(text);
  }
  return found;
}
