import { describe, expect, test } from "vitest";
import * as english from "#messages/english.ts";
import { houseFiles } from "../house/source-files.ts";

/** What a file asks for by a literal key, of the namespaces that it names: those that are not there. */
function missingIn(text: string, messages: unknown): readonly string[] {
  const asked = /(?:const|let) (\w+) = (?:await )?(?:getTranslations|useTranslations)\((?:"([\w.-]+)")?\)/g;
  const given = /(\w+): ReturnType<typeof useTranslations<"([\w.-]+)">>/g;
  const namespaces = new Map<string, string[]>();
  for (const [, name = "", namespace = ""] of [...text.matchAll(asked), ...text.matchAll(given)]) {
    namespaces.set(name, [...(namespaces.get(name) ?? []), namespace]);
  }
  return [...namespaces].flatMap(([name, among]) => {
    const keys = text.matchAll(
      new RegExp(`(?<![\\w.])${name}(?:\\.rich|\\.markup|\\.raw)?\\(\\s*"([\\w.-]+)"`, "g"),
    );
    return Array.from(keys, ([, key = ""]) => key)
      .filter((key) =>
        among.every(
          (namespace) => at(messages, namespace === "" ? key : `${namespace}.${key}`) === undefined,
        ),
      )
      .map((key) => `${among.join(" or ")}.${key}`);
  });
}

function at(messages: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], messages);
}

describe("words that a file asks for by name", () => {
  test("are there", () => {
    const missing = houseFiles().flatMap(({ path, text }) =>
      missingIn(text, english).map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test.each([
    ['const t = await getTranslations("door");\n t("nothing.of.it")', ["door.nothing.of.it"]],
    ['const t = useTranslations("door");\n t("paste.label")', []],
    ['const words = useTranslations("door");\n words.rich("none", {})', ["door.none"]],
    ['const t = useTranslations("door");\n const t = useTranslations("saved");\n t("paste.label")', []],
  ])("%s", (text, missing) => {
    expect(missingIn(text, { door: { paste: { label: "Paste" } }, saved: {} })).toEqual(missing);
  });
});
