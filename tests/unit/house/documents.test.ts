import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

const root = join(import.meta.dirname, "../../..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "DECISIONS.md",
  "docs/architecture.md",
  "docs/glossary.md",
  "docs/libpq-differences.md",
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

test("every dependency is used", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const others = [
    "next.config.mjs",
    "postcss.config.mjs",
    "app/globals.css",
    "bin/read-typescript.js",
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
