import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { providers } from "#lib/providers/recognise-provider.ts";
import words from "#messages/en/providers.json" with { type: "json" };

describe("providers", () => {
  const noted = providers.flatMap((provider) => provider.noteIds);

  test("C11: every note has its words, and every word is somebody's note", () => {
    expect(noted.filter((id) => !words[id])).toEqual([]);
    expect(Object.keys(words).filter((id) => id !== "heading" && !noted.some((note) => note === id))).toEqual(
      [],
    );
  });

  test("D3, H3: the roots are in Node's copy of Mozilla's store", () => {
    const known = new Map(
      rootCertificates.map((pem) => {
        const certificate = new X509Certificate(pem);
        return [certificate.fingerprint256, certificate.subject] as const;
      }),
    );
    // Newer Node releases have dropped this one, as Mozilla did.
    const dropped =
      "43:48:A0:E9:44:4C:78:CB:26:5E:05:8D:5E:89:44:B4:D8:4F:96:62:BD:26:DB:25:7F:89:34:A4:43:C7:01:61";
    for (const provider of providers)
      for (const root of provider.roots)
        if (root !== dropped)
          expect(known.get(root), `${provider.id} ${root}`).toMatch(
            /Amazon|Starfield|DigiCert|Microsoft|ISRG/,
          );
  });

  test("D1, D2, D6: Aurora DSQL's defaults", () => {
    const dsql = providers.find((provider) => provider.id === "aurora-dsql");
    expect(dsql?.tlsRequired).toBe(true);
    expect(dsql?.defaults).toMatchObject({
      mode: "verify-full",
      user: "admin",
      database: "postgres",
      port: "5432",
    });
  });

  test("H1: Azure starts with TLS", () => {
    for (const id of ["azure-citus", "azure-postgres"])
      expect(providers.find((provider) => provider.id === id)?.defaults.ssl).toBe(true);
  });

  test("no default weakens anything", () => {
    for (const { defaults } of providers) {
      expect(defaults.ssl).not.toBe(false);
      expect(defaults.sni).not.toBe(false);
      expect(defaults.allowSelfSigned).toBeUndefined();
      expect(["require", "verify-full", undefined]).toContain(defaults.mode);
    }
  });
});
