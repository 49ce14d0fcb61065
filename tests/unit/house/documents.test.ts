import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

const root = join(import.meta.dirname, "../../..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "DECISIONS.md",
  "docs/architecture.md",
  "docs/deployment.md",
  "docs/export-and-import.md",
  "docs/glossary.md",
  "docs/guide.md",
  "docs/libpq-differences.md",
  "docs/more-than-one-machine.md",
  "docs/requirements.md",
  "docs/vault-format.md",
];

/** Files and folders of the repository, as the documents name them: in code, without a placeholder. */
const ours = /(?<![\w/.$-])(?:app|bench|bin|components|docs|lib|messages|tests)\/[\w./()[\]-]*[\w\]/]/g;

describe.each(documents)("%s", (document) => {
  // A link's text and its address are two.
  const text = readFileSync(join(root, document), "utf8").replaceAll("](", " ");

  test("names no file that is not there", () => {
    const named = [...new Set(text.match(ours) ?? [])];
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test("names no script that is not there", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm (?:run ([\w:-]+)|(test|start)\b)/g)].map(
      (match) => match[1] ?? match[2] ?? "",
    );
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true })
    .map((name) => `docs/${String(name).replaceAll("\\", "/")}`)
    .filter((name) => name.endsWith(".md")),
];

test.each(pages)("%s links to nothing that is not there", (page) => {
  const text = readFileSync(join(root, page), "utf8").replace(/^```.*?^```/gms, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    ([, link, source]) => link ?? source ?? "",
  );
  const own = links.filter((link) => !/^[a-z]+:/.test(link));
  const broken = own.filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? join(root, page) : join(root, dirname(page), file);
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(anchor);
  });
  expect(broken).toEqual([]);
});

/** Anchors of a page's headings, as Git hosts make them, and those that it sets itself. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return [...headings, ...[...text.matchAll(/(?:id|name)="([^"]+)"/g)].map(([, id = ""]) => id)];
}

test("every dependency is used", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const others = [
    "next.config.mjs",
    "postcss.config.mjs",
    "app/globals.css",
    "bin/bundle-commands.js",
    "bin/start.js",
  ];
  const all = [
    ...sourceFiles("app", "components", "lib", "messages").map(({ text }) => text),
    ...others.map((file) => readFileSync(join(root, file), "utf8")),
  ].join("\n");
  // Next asks for these by itself.
  const neededByNext = ["react-dom", "typescript"];
  const unused = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
    .filter((name) => !neededByNext.includes(name))
    .filter((name) => !new RegExp(`(["'\`]|/node_modules/)${name}(/[^"'\`]*)?["'\`]`).test(all));
  expect(unused).toEqual([]);
});
