import { describe, expect, test } from "vitest";
import { fileCircles, forbiddenImports } from "./house-faults.ts";
import { rooms } from "./rooms.ts";
import { houseFiles, type SourceFile } from "./source-files.ts";

const house = houseFiles();

describe("the rooms", () => {
  test("arrows go down only, and each room uses its own packages", () => {
    expect(forbiddenImports(house)).toEqual([]);
  });

  test("no two files import each other, not even by others", () => {
    expect(fileCircles(house)).toEqual([]);
  });

  test("every room has files", () => {
    const empty = rooms.filter(
      ({ path }) => !house.some((file) => file.path === path || file.path.startsWith(`${path}/`)),
    );
    expect(empty).toEqual([]);
  });
});

describe("an import that is not allowed is found", () => {
  test.each([
    ["a value of a room above", "lib/vault/planted.ts", 'import { connect } from "#lib/connect/connect.ts";'],
    [
      "a type of a room above",
      "lib/vault/planted.ts",
      'import type { Saved } from "#lib/saved/last-seen.ts";',
    ],
    ["one type among names", "lib/vault/planted.ts", 'import { type Saved } from "#lib/saved/last-seen.ts";'],
    ["a side effect", "lib/strings/read/planted.ts", 'import "#lib/cli/main.ts";'],
    ["import() of a value", "lib/team/planted.ts", 'const later = () => import("#lib/cli/main.ts");'],
    ["import() as a type", "lib/team/planted.ts", 'type Main = typeof import("#lib/cli/main.ts");'],
    ["require", "lib/team/planted.ts", 'const main = require("#lib/cli/main.ts");'],
    ["a re-export", "lib/wire/planted.ts", 'export { connect } from "#lib/connect/connect.ts";'],
    ["a re-export of all", "lib/wire/planted.ts", 'export * from "#lib/connect/connect.ts";'],
    ["a re-export of a type", "lib/wire/planted.ts", 'export type { A } from "#lib/connect/connect.ts";'],
    ["a root file's", "lib/secret.ts", 'import { main } from "#lib/cli/main.ts";'],
    ["by a relative path", "lib/wire/planted.ts", 'import { connect } from "../connect/connect.ts";'],
    [
      "over several lines",
      "lib/wire/planted.ts",
      'import {\n  connect,\n} from\n  "#lib/connect/connect.ts";',
    ],
    ["problems of profiles", "lib/problems/planted.ts", 'import { parse } from "#lib/profiles/form.ts";'],
    ["React in lib", "lib/settings/planted.ts", 'import { useForm } from "react-hook-form";'],
    ["a package's part", "lib/problems/planted.ts", 'import { z } from "zod/mini";'],
    ["a scoped package", "lib/vault/planted.ts", 'import { fromIni } from "@aws-sdk/credential-providers";'],
    ["app in components", "components/planted.tsx", 'import type { Answer } from "#app/_server/answer.ts";'],
    ["a page in app/_server", "app/_server/planted.ts", 'import page from "../page.tsx";'],
    ["tests in lib", "lib/vault/planted.ts", 'import { root } from "#tests/support/browser.ts";'],
    ["no room at all", "lib/utils/planted.ts", "export const nothing = 0;"],
    ["into no room", "lib/cli/planted.ts", 'import { nothing } from "#lib/utils/planted.ts";'],
    [
      "the server's start in the command line",
      "lib/cli/planted.ts",
      'import { start } from "../../bin/start.js";',
    ],
  ])("%s", (_name, path, text) => {
    expect(forbiddenImports([{ path, text }])).toHaveLength(1);
  });

  test("what looks like an import in a text or a comment is none", () => {
    const text = '// import "#lib/cli/main.ts";\nexport const advice = `import "#lib/cli/main.ts"`;';
    expect(forbiddenImports([{ path: "lib/secret.ts", text }])).toEqual([]);
  });

  test("a circle of three files, one arrow of them a type", () => {
    const file = (name: string, text: string): SourceFile => ({ path: `lib/vault/${name}.ts`, text });
    const files = [
      file("a", 'import { b } from "./b.ts";'),
      file("b", 'export type { C } from "./c.ts";'),
      file("c", 'type A = import("./a.ts").A;'),
      file("d", 'import { a } from "./a.ts";'),
    ];
    expect(fileCircles(files)).toEqual([["lib/vault/a.ts", "lib/vault/b.ts", "lib/vault/c.ts"]]);
  });
});
