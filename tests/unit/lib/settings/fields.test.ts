import { describe, expect, test } from "vitest";
import { formSchema } from "#lib/profiles/form-schema.ts";
import { eachSecret, fieldNames, fields, isFieldName } from "#lib/settings/fields.ts";
import { secretFields } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import english from "#messages/en/form.json" with { type: "json" };

describe("the table of fields", () => {
  test("names every field that has a label, and each once", () => {
    const labelled = Object.keys(english.labels).filter((name) => name !== "connectionString");
    expect(fieldNames.filter((name) => name !== "secretActs").toSorted()).toEqual(labelled.toSorted());
    expect(isFieldName("host")).toBe(true);
    expect([undefined, "toString", "hosts"].map(isFieldName)).toEqual([false, false, false]);
  });

  test("a new form is made of its defaults, and what it lacks is a server and a user", () => {
    expect(newFormValues).toMatchObject({ ssl: true, mode: "verify-full", trust: "system", sni: true });
    const parsed = formSchema.safeParse(newFormValues);
    const missing = parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
    expect(missing).toEqual(["host-required", "user-required"]);
  });

  test("every secret is sealed, and nothing else is", () => {
    const sealed = fieldNames.filter((name) => fields[name].kept === "sealed");
    expect(sealed.toSorted()).toEqual([...secretFields].toSorted());
    expect(Object.keys(eachSecret(() => 0)).toSorted()).toEqual([...secretFields].toSorted());
    expect(sealed.filter((name) => fields[name].change !== "is-secret")).toEqual([]);
  });

  test.each(fieldNames)("%s takes nothing of another kind", (name) => {
    const wrong = { ...newFormValues, host: "db.example.test", user: "app", [name]: 7 };
    const parsed = formSchema.safeParse(wrong);
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map((issue) => issue.path[0])).toEqual([name]);
  });
});
