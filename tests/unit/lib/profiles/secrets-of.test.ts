import { describe, expect, test } from "vitest";
import { secretsOf } from "#lib/profiles/secrets-of.ts";
import { makeCertificate, rewriteKey } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import type { FormValues, SecretAct } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const { keyPem } = await makeCertificate({ commonNames: ["app"] });
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
