import { expect, test } from "vitest";
import { bareForm } from "#lib/profiles/bare-form.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const form = (more: Partial<FormValues>): FormValues => ({
  ...newFormValues,
  name: "Shop",
  host: "db.test",
  user: "app",
  password: "s3cret",
  ...more,
});
const draftOf = async (more: Partial<FormValues>) => {
  const parsed = await parseProfileForm(bareForm(form(more)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return parsed.value;
};

test("nothing to sign in with goes along, and what is half done there is no obstacle", async () => {
  const draft = await draftOf({
    signIn: "certificate",
    clientKey: "-----BEGIN nonsense",
    keyPassphrase: "x",
    user: "",
  });
  expect(draft.secrets).toEqual({});
  expect(draft.tls.clientCertificate).toBeUndefined();
});

test.each([
  [{ ssl: false }, { mode: "require" }],
  [{ ssl: false, mode: "disable" }, { mode: "require" }],
  [{ mode: "prefer" }, { mode: "require" }],
  [{ mode: "require" }, { mode: "require" }],
  [{ mode: "verify-full" }, { mode: "verify-full", trust: "system" }],
  [
    { mode: "verify-ca", trust: "own" },
    { mode: "verify-full", trust: "system" },
  ],
  [
    { mode: "verify-full", trust: "own" },
    { mode: "verify-full", trust: "system" },
  ],
] as const)("%o is looked at with %o", async (given, tls) => {
  expect((await draftOf(given as Partial<FormValues>)).tls).toMatchObject(tls);
});

test("what is no form is refused as ever", async () => {
  for (const value of [null, 1, "x", [], {}, { host: { port: 1 } }]) {
    expect((await parseProfileForm(bareForm(value))).ok).toBe(false);
  }
});
