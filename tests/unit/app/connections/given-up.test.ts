import { describe, expect, test } from "vitest";
import { givenUp, type Loss } from "#app/(console)/connections/attempt/given-up.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";

const full: FormValues = { ...newFormValues, mode: "verify-full", trust: "own", ca: "a CA" };

describe("what a fix gives up", () => {
  test.each<[string, Partial<FormValues>, FormChange, readonly Loss[]]>([
    ["the name unchecked", {}, { mode: "verify-ca" }, ["name"]],
    ["nothing checked", {}, { mode: "require", trust: "system" }, ["certificate"]],
    ["self-signed allowed", {}, { allowSelfSigned: true }, ["certificate"]],
    ["Require with a CA checks the chain still", {}, { mode: "require" }, ["name"]],
    ["its CA dropped", { mode: "require" }, { ca: "" }, ["certificate"]],
    ["Prefer", { trust: "system" }, { mode: "prefer" }, ["always"]],
    ["plain text", {}, { ssl: false }, ["encryption"]],
    ["plain text after Prefer", { mode: "prefer" }, { ssl: false }, ["encryption"]],
    ["no revocation", { crl: "a list" }, { crl: "" }, ["revocation"]],
    ["less binding", { channelBinding: "require" }, { channelBinding: "prefer" }, ["binding"]],
    ["no binding", { channelBinding: "prefer" }, { channelBinding: "disable" }, ["binding"]],
    ["older versions", { minVersion: "TLSv1.3" }, { minVersion: "TLSv1.2" }, ["oldTls"]],
    ["a weak password", {}, { allowWeakPassword: true }, ["weakPassword"]],
    ["two at once", { crl: "a list" }, { crl: "", mode: "verify-ca" }, ["name", "revocation"]],
    // What belongs to TLS is lost with it, and said once.
    [
      "plain text, binding too",
      { channelBinding: "require" },
      { ssl: false, channelBinding: "prefer" },
      ["encryption"],
    ],
    ["another name to verify", {}, { host: "db.example.test", networkAddress: "192.0.2.7" }, []],
    ["another store", {}, { trust: "system" }, []],
    ["a pin", { trust: "system", ca: "" }, { trust: "own", ca: "a certificate" }, []],
    ["a password", {}, { password: "s3cret" }, []],
  ])("%s", (_name, before, change, losses) => {
    expect(givenUp(change, { ...full, ...before })).toEqual({ losses, gains: false });
  });

  test.each<[string, Partial<FormValues>, FormChange]>([
    ["SSL on", { ssl: false }, { ssl: true }],
    ["everything checked", { mode: "require", ca: "" }, { mode: "verify-full" }],
    ["a CA for Require", { mode: "require", ca: "" }, { ca: "a CA" }],
  ])("%s asks for more", (_name, before, change) => {
    expect(givenUp(change, { ...full, ...before })).toEqual({ losses: [], gains: true });
  });
});
