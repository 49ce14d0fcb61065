import { describe, expect, test } from "vitest";
import { secretsOf } from "#lib/profiles/secrets-of.ts";
import { makeCertificate, rewriteKey } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import type { FormValues, SecretAct } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const { keyPem, pem: certificatePem } = await makeCertificate({ commonNames: ["app"] });
const [oldKey, newKey] = [rewriteKey(keyPem, "sec1", "old"), rewriteKey(keyPem, "sec1", "new")];
const kept = { clientKey: new Secret(oldKey), keyPassphrase: new Secret("old") };

type Given = Partial<FormValues> & {
  readonly acts?: Partial<Record<"clientKey" | "keyPassphrase", SecretAct>>;
};

/** What each secret is after a save, in clear; undefined where there is none. */
function after({ acts, ...change }: Given) {
  const secretActs = { ...newFormValues.secretActs, ...acts };
  const { clientKey, keyPassphrase } = secretsOf({ ...newFormValues, ...change, secretActs }, kept);
  return [clientKey?.reveal(), keyPassphrase?.reveal()];
}

describe("the passphrase of a key", () => {
  test.each<[string, Given, readonly [string | undefined, string | undefined]]>([
    ["nothing typed keeps both", {}, [oldKey, "old"]],
    ["a new key has none of the old one's", { clientKey: newKey }, [newKey, undefined]],
    [
      "nor where the form says keep or replace",
      { clientKey: newKey, acts: { clientKey: "replace", keyPassphrase: "keep" } },
      [newKey, undefined],
    ],
    ["the same key given again is a new one", { clientKey: oldKey }, [oldKey, undefined]],
    ["a new key with its own", { clientKey: newKey, keyPassphrase: "new" }, [newKey, "new"]],
    ["a new key that is not encrypted needs none", { clientKey: keyPem }, [keyPem, undefined]],
    ["nor one that is typed", { clientKey: keyPem, keyPassphrase: "new" }, [keyPem, undefined]],
    ["a key that leaves takes it along", { acts: { clientKey: "remove" } }, [undefined, undefined]],
    ["another passphrase for the kept key", { keyPassphrase: "other" }, [oldKey, "other"]],
    ["removed alone", { acts: { keyPassphrase: "remove" } }, [oldKey, undefined]],
  ])("%s", (_, given, expected) => {
    expect(after(given)).toEqual(expected);
  });
});

describe("the other secrets", () => {
  const stored = { password: new Secret("kept"), tokenSecret: new Secret("kept token") };
  const acts = (secretActs: Partial<FormValues["secretActs"]>) => ({
    secretActs: { ...newFormValues.secretActs, ...secretActs },
  });

  test.each<[string, Partial<FormValues>, readonly [string | undefined, string | undefined]]>([
    ["nothing typed keeps the password", {}, ["kept", undefined]],
    ["a typed one takes its place", { password: "typed" }, ["typed", undefined]],
    ["blanks are a password, too", { password: " " }, [" ", undefined]],
    [
      "one that is removed is gone",
      { password: "typed", ...acts({ password: "remove" }) },
      [undefined, undefined],
    ],
    [
      "a token of given keys keeps its secret",
      { signIn: "rds-token", tokenCredentials: "keys" },
      ["kept", "kept token"],
    ],
    [
      "and takes a typed one",
      { signIn: "rds-token", tokenCredentials: "keys", tokenSecret: "typed" },
      ["kept", "typed"],
    ],
    [
      "or loses it",
      { signIn: "rds-token", tokenCredentials: "keys", ...acts({ tokenSecret: "remove" }) },
      ["kept", undefined],
    ],
    [
      "a token of the host's own credentials has none",
      { signIn: "rds-token", tokenCredentials: "default" },
      ["kept", undefined],
    ],
    [
      "nor has another sign-in, whatever it says of keys",
      { tokenCredentials: "keys", tokenSecret: "typed" },
      ["kept", undefined],
    ],
  ])("%s", (_, given, expected) => {
    const { password, tokenSecret } = secretsOf({ ...newFormValues, ...given }, stored);
    expect([password?.reveal(), tokenSecret?.reveal()]).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ["a bundle gives its key alone", `${certificatePem}${keyPem}`, keyPem],
    ["the first of two", `${newKey}\n${keyPem}`, newKey],
    [
      "one without a key stays as it is, to be refused by name",
      `${certificatePem}${certificatePem}`,
      `${certificatePem}${certificatePem}`,
    ],
    ["a key alone stays", keyPem, keyPem],
  ])("of what is pasted as a key, %s", (_, pasted, expected) => {
    const { clientKey } = secretsOf({ ...newFormValues, clientKey: pasted }, {});
    expect(clientKey?.reveal().trim()).toBe(expected.trim());
  });

  test("blanks alone are no key", () => {
    expect(secretsOf({ ...newFormValues, clientKey: " \n" }, kept).clientKey).toBe(kept.clientKey);
    expect(secretsOf({ ...newFormValues, clientKey: " \n" }, {})).toEqual({});
  });

  test("a bundle of an open key and a locked one needs the passphrase", () => {
    const both = new Secret(`${keyPem}\n${newKey}`);
    const { keyPassphrase } = secretsOf(newFormValues, { clientKey: both, keyPassphrase: new Secret("new") });
    expect(keyPassphrase?.reveal()).toBe("new");
  });
});
