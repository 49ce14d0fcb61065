import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { describe, expect, test } from "vitest";
import { sqlCompletions } from "#components/sql-editor/complete.ts";
import type { Names } from "#components/sql-editor/names.ts";

const names: Names = {
  schemas: async () => ["public", "Odd <schema>"],
  relations: async (schema) =>
    schema === undefined
      ? [{ schema: "public", name: "item", kind: "table" }]
      : [{ schema, name: `in ${schema}`, kind: "table" }],
  columns: async (schema, table) => [{ name: `of ${schema ?? ""}.${table}`, type: "text" }],
};

/** What is offered where the bar stands, when it is asked for. */
async function offered(text: string, hasFocus = true): Promise<readonly string[]> {
  const caret = text.indexOf("|");
  const state = EditorState.create({ doc: text.replace("|", "") });
  const session = () => ({ rules: { standardConformingStrings: true }, names });
  const result = await sqlCompletions(session)(
    new CompletionContext(state, caret, true, { hasFocus } as EditorView),
  );
  return result?.options.map(({ label }) => label) ?? [];
}

describe("behind a dot", () => {
  test.each([
    ["select * from public.|", "in public"],
    ["select * from public.it|", "in public"],
    ['select * from "Odd <schema>".|', "in Odd <schema>"],
    ["insert into public.|", "in public"],
    ["select 1 from item join public.|", "in public"],
    ["select i.| from item i", "of .item"],
    ["select item.| from item", "of .item"],
    ["select public.item.| from public.item", "of public.item"],
  ])("%s offers %s", async (text, label) => {
    expect(await offered(text)).toContain(label);
  });
});

test("nothing is offered in an editor that was left meanwhile", async () => {
  expect(await offered("select * from public.|", false)).toEqual([]);
});
