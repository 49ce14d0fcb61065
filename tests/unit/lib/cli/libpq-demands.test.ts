import { describe, expect, test } from "vitest";
import { readDemands } from "#lib/cli/libpq-demands.ts";

const read = (parameters: Readonly<Record<string, string>>) =>
  readDemands(new Map(Object.entries(parameters)));

describe("what a string demands", () => {
  test("nothing, when it says nothing", () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        demands: { clientCertificate: false, session: "any" },
        withClient: true,
        prefersStandby: false,
        inAnyOrder: false,
      },
    });
  });

  test.each([
    ["scram-sha-256", ["scram-sha-256"]],
    ["none,scram-sha-256", ["none", "scram-sha-256"]],
    ["!none", ["password", "md5", "scram-sha-256", "gss", "sspi", "oauth"]],
    ["!password,!md5", ["none", "scram-sha-256", "gss", "sspi", "oauth"]],
  ])("require_auth=%s", (require_auth, words) => {
    const found = read({ require_auth });
    expect(found.ok && [...(found.value.demands.signIn ?? [])].sort()).toEqual([...words].sort());
  });

  test.each(["scram", "none,none", "none,!md5", "!md5,none", ",", "none,", " none", "!"])(
    "require_auth=%s is a mistake",
    (require_auth) => {
      expect(read({ require_auth })).toMatchObject({
        ok: false,
        problem: { code: "setting-invalid", facts: { parameter: "require_auth" } },
      });
    },
  );

  test("sslcertmode: disable keeps the certificate here, require wants it looked at", () => {
    expect(read({ sslcertmode: "disable" })).toMatchObject({ value: { withClient: false } });
    expect(read({ sslcertmode: "require" })).toMatchObject({
      value: { demands: { clientCertificate: true } },
    });
  });

  test("prefer-standby asks for a standby first", () => {
    expect(read({ target_session_attrs: "prefer-standby" })).toMatchObject({
      value: { prefersStandby: true, demands: { session: "standby" } },
    });
  });

  test.each([
    ["sslcertmode", "Require"],
    ["target_session_attrs", "master"],
    ["target_session_attrs", ""],
    ["load_balance_hosts", "on"],
  ])("%s=%s is a mistake", (parameter, value) => {
    expect(read({ [parameter]: value })).toMatchObject({ ok: false, problem: { facts: { parameter } } });
  });
});
