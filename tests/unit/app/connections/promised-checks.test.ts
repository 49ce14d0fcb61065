import { describe, expect, test } from "vitest";
import { promisedChecks } from "#app/(console)/connections/attempt/promised-checks.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { newFormValues, sslModes, trustSources } from "#lib/settings/form-values.ts";
import { checksOf } from "#lib/wire/tls-options.ts";

const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const rows = sslModes.flatMap((mode) =>
  trustSources.flatMap((trust) =>
    [true, false].flatMap((allowSelfSigned) => ["", pem].map((ca) => ({ mode, trust, allowSelfSigned, ca }))),
  ),
);

describe("what the form promises", () => {
  test.each(rows)("is what the wire does: $mode, $trust, self-signed $allowSelfSigned, CA '$ca'", (row) => {
    const { mode, trust, allowSelfSigned, ca } = row;
    const promised = promisedChecks({
      ssl: mode !== "disable",
      mode: mode === "disable" ? "verify-full" : mode,
      trust,
      allowSelfSigned,
      ca,
    });
    const done = checksOf({ mode, trust, allowSelfSigned, ca } as ProfileDraft["tls"]);
    const expected = {
      plain: "none",
      "self-signed": "none",
      unchecked: "none",
      chain: "chain",
      full: "chain-and-name",
      // May end in clear text, whatever it checks while it is encrypted.
      opportunistic: done,
    }[promised];
    expect(done).toBe(expected);
    if (mode === "disable") expect(promised).toBe("plain");
    if (mode === "prefer" || mode === "allow") expect(promised).toBe("opportunistic");
  });

  test("a new connection promises chain and name", () => {
    expect(promisedChecks(newFormValues)).toBe("full");
  });
});
