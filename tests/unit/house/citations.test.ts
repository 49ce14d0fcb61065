import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");
const requirements = readFileSync(join(root, "docs/requirements.md"), "utf8");
const [standing = "", toCome = ""] = requirements.split("## Still to come");

/**
 * What is cited must be there to be read. Plans, notes and lists that were on the table when a line was written are
 * not in the repository: the line says its reason in words. Published standards (an RFC, its section) may be named.
 */
const papers: readonly RegExp[] = [
  /\bfacts\/(?:tls|security|peers)\b/g,
  // Lower case: SECURITY.md is ours.
  /(?<![\w/.-])(?:brief|design|peers|screens|security|spec|store|tls|workbench)\.md\b/g,
  /(?:\.\.|\/work)\/shared\b/g,
  /\b[Rr]ows? \d+(?:(?:,| and| to|–) ?\d+)* (?:of|in) (?!the (?:result|table|page)\b|[≈\d])/g,
  /\b(?:[Tt]hreats?|[Ss]urprises?|[Gg]ates?|[Hh]abits?) \d+\b/g,
  /\bof the (?:threats|security rules|surprises|release gates)\b/g,
  // The tracker of another project is public, and named with it.
  /(?<![\w-]\/[\w.-]+,? )\b[Ii]ssues? #?\d+/g,
  /(?<!(?:RFC \d+|Report \d+|Standard \d+|Annex \d+|FIPS [\d-]+|X\.\d+|SP [\w-]+),? )(?<!RFC \d+[\w., ]{1,40})(?:\b[Ss]ections?|§) ?\d+/g,
];

/** An id of a requirement: the letter of its group and a number; never a byte in hexadecimal or of an address. */
const id = /(?<![\w:%+/.=-])([CDHKPW]\d{1,2})(?![\w%+/=-]|\.\w|:[0-9A-F]{2}\b)/g;

const files = [
  ...["app", "bench", "bin", "components", "docs", "lib", "messages", "tests"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:tsx?|m?js|json|md|css)$|^cloak-db$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  ),
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:tsx?|m?js|md)$|^Dockerfile$/.test(entry.name))
    .map((entry) => join(root, entry.name)),
  join(root, ".ci/run"),
]
  // Its own samples are none of its citations.
  .filter((path) => basename(path) !== basename(import.meta.filename))
  .map((path) => ({ path: relative(root, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));

describe("papers that are not in the repository", () => {
  test("are cited nowhere", () => {
    const cited = files.flatMap(({ path, text }) => citedPapers(text).map((found) => `${path}: ${found}`));
    expect(cited).toEqual([]);
  });

  test.each([
    "Node skips a block (`facts/tls.md`, surprise 7)",
    "facts/security says",
    "see spec.md",
    "as screens.md has it",
    "`workbench.md`, the grid",
    "the rules of store.md",
    "the house of design.md",
    "../shared/spec",
    "Row 14 of the threats: nobody takes all clients",
    "Rows 10 and 12 of the security rules",
    "threat 8",
    "surprise 12 on Node",
    "gate 6 holds",
    "habit 9",
    "issue 10 asks for this",
    "see section 4.5",
    "sections 3 and 4",
    "§ 3.2",
  ])("would be found: %s", (text) => {
    expect(citedPapers(text)).not.toEqual([]);
  });

  test.each([
    "RFC 5280 section 4.2.1.12: when purposes are named",
    "RFC 4514, section 3, and further ones",
    "RFC 5246 section 7.4.4, RFC 8446 section 4.3.2",
    "Unicode Technical Report 36, section 2",
    "pgbouncer/pgbouncer, issue 1074",
    "see [SECURITY.md](SECURITY.md)",
    "the cell of a, row 1",
    "row 3 of the result",
    "one batch of rows 80 MB",
  ])("may be said: %s", (text) => {
    expect(citedPapers(text)).toEqual([]);
  });
});

describe("docs/requirements.md", () => {
  const known = idsIn(standing.replaceAll(/^(?!\|).*$/gm, ""));
  const later = idsIn(toCome);

  test("explains every requirement that is cited", () => {
    const unknown = files
      .filter(({ path }) => path !== "docs/requirements.md")
      .flatMap(({ path, text }) =>
        idsIn(text)
          .filter((cited) => !known.includes(cited))
          .map((cited) => `${path}: ${cited}`),
      );
    expect(unknown).toEqual([]);
  });

  test("names each requirement once", () => {
    const rows = [...requirements.matchAll(/^\| ([CDHKPW]\d+) \|/gm)].map(([, row]) => row);
    expect(rows.filter((row, index) => rows.indexOf(row) !== index)).toEqual([]);
    expect(rows.length).toBe(known.length + later.length);
  });

  test.each(known)("%s has tests, and they exist", (requirement) => {
    const row = standing.split("\n").find((line) => line.startsWith(`| ${requirement} |`)) ?? "";
    const tests = [...row.matchAll(/`(tests\/[^`]+)`/g)].map(([, path = ""]) => path);
    expect(tests).not.toEqual([]);
    expect(tests.filter((path) => !/\.test\.tsx?$/.test(path) || !existsSync(join(root, path)))).toEqual([]);
  });

  test.each([
    ["/** The CA (C4), and what D7 makes. */", ["C4", "D7"]],
    ['test("H1: an Azure host', ["H1"]],
    ['"C11, D1, H1: hosts"', ["C11", "D1", "H1"]],
    ['sha256: "C2:D9:47:43:D4"', []],
    ["u:p%C3%A9@h/d", []],
    ["DigiCert Global Root G2", []],
  ])("an id is told from bytes: %s", (text, found) => {
    expect(idsIn(text)).toEqual(found);
  });
});

function citedPapers(text: string): readonly string[] {
  return papers.flatMap((paper) => [...text.matchAll(paper)].map(([found]) => found));
}

function idsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(id)].map(([, found = ""]) => found))];
}
