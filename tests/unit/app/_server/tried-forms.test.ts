import { describe, expect, test } from "vitest";
import { newTriedForms } from "#app/_server/tried-forms.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import type { AttemptReport } from "#lib/wire/report.ts";

const values = { ...newFormValues, host: "db.example.test", user: "app", password: "s3cret" };
const report: AttemptReport = {
  ok: true,
  problem: null,
  steps: [],
  tls: null,
  server: null,
  fallback: null,
  ms: 5,
};

describe("a form that was tried", () => {
  test("is known again, once, whatever it is called meanwhile", () => {
    const tried = newTriedForms();
    tried.note("ada", values, undefined, report);
    expect(tried.take("ada", { ...values, name: "Shop", environment: "staging" }, undefined)).toBe(report);
    expect(tried.take("ada", values, undefined)).toBeUndefined();
  });

  test.each([
    ["another password", { ...values, password: "other" }, "ada", undefined],
    ["another host", { ...values, host: "other.example.test" }, "ada", undefined],
    [
      "another secret that is kept",
      { ...values, secretActs: { ...values.secretActs, password: "remove" as const } },
      "ada",
      undefined,
    ],
    ["another user", values, "bob", undefined],
    ["another connection, whose stored secrets are others", values, "ada", "c1"],
  ])("is not another one: %s", (_, saved, user, of) => {
    const tried = newTriedForms();
    tried.note("ada", values, undefined, report);
    expect(tried.take(user, saved, of)).toBeUndefined();
  });

  test("only the last one counts, and not for ever many people", () => {
    const tried = newTriedForms();
    tried.note("ada", values, undefined, report);
    tried.note("ada", { ...values, port: "1" }, undefined, report);
    expect(tried.take("ada", values, undefined)).toBeUndefined();
    for (let at = 0; at < 200; at += 1) tried.note(`user-${at}`, values, undefined, report);
    expect(tried.take("ada", { ...values, port: "1" }, undefined)).toBeUndefined();
    expect(tried.take("user-0", values, undefined)).toBe(report);
  });
});
