import { describe, expect, test } from "vitest";
import { promisedChecks } from "#app/(console)/connections/attempt/promised-checks.ts";
import { type Checks, checksOf, checksOfForm, checksOfTls, proofOf } from "#lib/settings/checks-of.ts";
import { type FormValues, sslModes, trustSources } from "#lib/settings/form-values.ts";
import { newFormValues } from "#lib/settings/new-form-values.ts";
import { libpqParameters } from "#lib/strings/write/libpq-words.ts";
import { tlsIntent } from "#lib/strings/write/tls-intent.ts";

/**
 * By libpq 18, the documentation's table 32.1 and fe-secure-openssl.c: each mode with a root file (a CA of one's own),
 * and with none that its mode would look at (the other stores stand for no file: only the verify modes ask them).
 */
const rows = {
  disable: { own: "none none", other: "none none", word: "plain" },
  allow: { own: "optional chain", other: "optional none", word: "opportunistic" },
  prefer: { own: "optional chain", other: "optional none", word: "opportunistic" },
  require: { own: "always chain", other: "always none", word: "unchecked" },
  "verify-ca": { own: "always chain", other: "always chain", word: "chain" },
  "verify-full": { own: "always chain-and-name", other: "always chain-and-name", word: "full" },
} as const;

const combinations = sslModes.flatMap((mode) =>
  trustSources.flatMap((trust) =>
    [true, false].flatMap((hasCa) =>
      [true, false].map((allowSelfSigned) => ({ mode, trust, hasCa, allowSelfSigned })),
    ),
  ),
);

describe("what a mode checks", () => {
  test.each(combinations)("$mode, $trust, CA $hasCa, self-signed $allowSelfSigned", (row) => {
    const { mode, trust, hasCa, allowSelfSigned } = row;
    const { encryption, server, roots } = checksOf(mode, trust, hasCa, allowSelfSigned);
    const libpq = rows[mode][trust === "own" && hasCa ? "own" : "other"];
    const withoutChecks = libpq.replace(/ .*/, " none");
    expect(`${encryption} ${server}`).toBe(allowSelfSigned ? withoutChecks : libpq);
    expect(roots).toBe(server === "none" ? "none" : trust);

    const ca = hasCa ? "PEM" : " \n";
    const ssl = mode !== "disable";
    const form: FormValues = { ...newFormValues, ssl, trust, ca, allowSelfSigned, ...(ssl && { mode }) };
    const same: Checks = { encryption, server, roots };
    expect(checksOfForm(form)).toEqual(same);
    expect(checksOfTls({ mode, trust, ca, allowSelfSigned })).toEqual(same);
    expect(promisedChecks(form)).toBe(wordOf(row));
    const intent = tlsIntent(form);
    expect(intent).toMatchObject({ checks: server, roots });
    // What the form shows as its string, as its mode and as its badge is one thing.
    const shown = libpqParameters(form);
    const asksSystem = server === "chain-and-name" && trust === "system";
    expect(shown.get("sslmode")).toBe(intent.mode);
    expect(shown.get("sslrootcert")).toBe(asksSystem ? "system" : undefined);
    expect(intent.mode.startsWith("verify") && server === "none").toBe(false);
    // The word alone means the same to a libpq that is handed the roots.
    expect(checksOf(intent.mode, trust, hasCa && !allowSelfSigned, false)).toEqual(same);
  });

  test("a new connection checks chain and name", () => {
    expect(checksOfForm(newFormValues)).toMatchObject({ encryption: "always", server: "chain-and-name" });
  });

  test("a server's certificate that is its own root is the strongest proof, where anything is checked", () => {
    const proofs = (["require", "verify-ca", "verify-full"] as const).map((mode) =>
      [true, false].map((leafIsAnchor) => proofOf(checksOf(mode, "system", false, false), leafIsAnchor)),
    );
    expect(proofs).toEqual([
      ["none", "none"],
      ["pinned", "ca"],
      ["pinned", "full"],
    ]);
  });
});

function wordOf({ mode, trust, hasCa, allowSelfSigned }: (typeof combinations)[number]) {
  const { word } = rows[mode];
  if (word === "plain" || word === "opportunistic") return word;
  if (allowSelfSigned) return "self-signed";
  return mode === "require" && trust === "own" && hasCa ? "chain" : word;
}
