import ts from "typescript";
import { describe, expect, test } from "vitest";
import { type SourceFile, sourceFiles } from "../house/source-files.ts";
import { type Access, accessMatrix } from "./access-matrix.ts";

interface Door {
  readonly key: string;
  readonly kind: "page" | "handler" | "action";
  /** Undefined for an export that is not a plain function declaration. */
  readonly body: readonly ts.Statement[] | undefined;
}

const doors = sourceFiles("app").flatMap(doorsOf);

describe("the access matrix", () => {
  test("names every page, handler and action there is", () => {
    expect(doors.map(({ key }) => key).filter((key) => accessMatrix[key] === undefined)).toEqual([]);
  });

  test("names nothing that is gone", () => {
    const there = new Set(doors.map(({ key }) => key));
    expect(Object.keys(accessMatrix).filter((key) => !there.has(key))).toEqual([]);
  });

  test.each(doors.map((door) => [door.key, door] as const))("%s begins with its guard", (key, door) => {
    const access = accessMatrix[key];
    if (access === undefined) throw new Error("not in the matrix");
    expect(door.body, "a plain exported function").toBeDefined();
    expect(guardFault(door, access)).toBeUndefined();
  });

  test("no page's metadata reads what is kept before the guard", () => {
    const wrong = sourceFiles("app")
      .filter(({ path }) => /\/(page|layout)\.tsx$/.test(path))
      .filter((file) => {
        const metadata = functionsOf(file).find(({ name }) => name === "generateMetadata");
        const text = (metadata?.body ?? []).map((statement) => statement.getText()).join("\n");
        return /workspace\(|profiles|users\b/.test(text) && !/^[^\n]*pageActor\(/.test(text);
      })
      .map(({ path }) => path);
    expect(wrong).toEqual([]);
  });
});

describe("the reading of it", () => {
  const access = { act: "own:settings", connection: null } as const;
  const action = (body: string) =>
    doorsOf({
      path: "app/x.ts",
      text: `"use server";\nexport async function save(input: unknown) {${body}}`,
    })[0];

  test.each([
    ["nothing asked", "return 1;"],
    ["asked too late", 'const x = await load(input); const actor = await actionActor("own:settings");'],
    [
      "asked for something else",
      'const actor = await actionActor("connections:read"); if (!actor.ok) return x;',
    ],
    ["the answer is not looked at", 'const actor = await actionActor("own:settings"); return 1;'],
    ["not waited for", 'const actor = actionActor("own:settings"); if (!actor.ok) return x;'],
  ])("sees when %s", (_, body) => {
    const door = action(body);
    expect(door && guardFault(door, access)).toBeDefined();
  });

  test("is content with the house's own form", () => {
    const door = action(
      'const actor = await actionActor("own:settings"); if (!actor.ok) return refuse(actor.problem);',
    );
    expect(door && guardFault(door, access)).toBeUndefined();
  });
});

/** What is wrong with the first lines of a door, or undefined. */
function guardFault(door: Door, access: Access): string | undefined {
  const [first, second] = (door.body ?? []).map((statement) => statement.getText());
  if ("first" in access) {
    return new RegExp(`\\b${access.first}\\(`).test(first ?? "") || isParameterReading(door, access.first)
      ? undefined
      : `does not begin with ${access.first}`;
  }
  const act = `"${access.act}"`;
  switch (door.kind) {
    case "page":
      return (first ?? "").includes(`await pageActor(${act})`)
        ? undefined
        : `does not begin with pageActor(${act})`;
    case "action":
      if (!(first ?? "").includes(`await actionActor(${act})`))
        return `does not begin with actionActor(${act})`;
      return /^if \(!\w+\.ok\) (return|\{\s*(yield .*;\s*)?return)\b/.test(second ?? "")
        ? undefined
        : "does not leave when refused";
    case "handler":
      if (
        !new RegExp(`await handlerActor\\(\\w+, ${act}(, "application/octet-stream")?\\)`).test(first ?? "")
      ) {
        return `does not begin with handlerActor(…, ${act})`;
      }
      return /^if \(\w+ instanceof Response\) return \w+;$/.test(second ?? "")
        ? undefined
        : "does not leave when refused";
  }
}

/** A signed-out page may read its own address before it asks. */
function isParameterReading(door: Door, first: string): boolean {
  const texts = (door.body ?? []).map((statement) => statement.getText());
  const at = texts.findIndex((text) => text.includes(`await ${first}(`));
  return at > 0 && texts.slice(0, at).every((text) => /searchParams|readReturnPath/.test(text));
}

function doorsOf(file: SourceFile): readonly Door[] {
  if (/\/page\.tsx$/.test(file.path)) {
    const page = functionsOf(file).find(({ isDefault }) => isDefault);
    return [{ key: file.path, kind: "page", body: page?.body }];
  }
  if (/\/route\.tsx?$/.test(file.path)) {
    return functionsOf(file)
      .filter(({ name }) => /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(name))
      .map(({ name, body }) => ({ key: `${file.path}#${name}`, kind: "handler", body }));
  }
  if (file.text.startsWith('"use server";')) {
    return functionsOf(file).map(({ name, body }) => ({ key: `${file.path}#${name}`, kind: "action", body }));
  }
  return [];
}

interface Exported {
  readonly name: string;
  readonly isDefault: boolean;
  readonly body: readonly ts.Statement[] | undefined;
}

/** What a file exports as values. Anything but a function declaration comes without a body. */
function functionsOf({ path, text }: SourceFile): readonly Exported[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  return source.statements.flatMap((statement): readonly Exported[] => {
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly) {
      return [{ name: statement.getText(), isDefault: false, body: undefined }];
    }
    if (ts.isExportAssignment(statement)) return [{ name: "default", isDefault: true, body: undefined }];
    if (!ts.canHaveModifiers(statement)) return [];
    const modifiers = ts.getModifiers(statement)?.map(({ kind }) => kind) ?? [];
    if (!modifiers.includes(ts.SyntaxKind.ExportKeyword)) return [];
    const isDefault = modifiers.includes(ts.SyntaxKind.DefaultKeyword);
    if (ts.isFunctionDeclaration(statement)) {
      return [{ name: statement.name?.text ?? "default", isDefault, body: statement.body?.statements }];
    }
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => ({
        name: name.getText(),
        isDefault,
        body: undefined,
      }));
    }
    return [];
  });
}
