import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingNames } from "#lib/carry/connections-file.ts";
import { readCarried } from "#lib/carry/read-carried.ts";
import { noGivenRoots } from "#lib/providers/roots-kind.ts";
import { fields } from "#lib/settings/fields.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/export-and-import.md"), "utf8");
const table = page.slice(page.indexOf("| setting | value |"));
const rows = [...table.matchAll(/^\| (`.*?) \| (.*?) \| (.*?) \|$/gm)].map(
  ([, names = "", value = "", begins = ""]) => ({
    names: codesOf(names),
    value: codesOf(value),
    begins: codesOf(begins),
  }),
);

test("the page names every setting, in the order of the table of fields", () => {
  expect(rows.flatMap(({ names }) => names)).toEqual(settingNames);
});

test.each(rows.flatMap((row) => row.names.map((name, index) => [name, index, row] as const)))(
  "and says what %s takes, and begins with",
  (name, index, { value, begins }) => {
    const field = fields[name as keyof typeof fields];
    if (field.takes.kind === "choice")
      expect(value.filter((word) => !["ssl"].includes(word))).toEqual(field.takes.of);
    const told = begins.length > 1 ? begins[index] : begins[0];
    const start = String(newFormValues[name as keyof typeof newFormValues]);
    expect((told ?? "").replaceAll('"', "")).toBe(start);
  },
);

test("its example is read", async () => {
  const example = /^```json\n(.*?)^```/ms.exec(page)?.[1] ?? "";
  const read = await readCarried({ bytes: Buffer.from(example), keys: {}, roots: noGivenRoots });
  expect(read).toMatchObject({
    value: {
      entries: [{ ok: true, value: { name: "Shop", label: { group: "Shops", tags: ["eu"] }, notes: [] } }],
    },
  });
});

function codesOf(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}
