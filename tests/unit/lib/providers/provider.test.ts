import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { describe, expect, test } from "vitest";
import { problemCodes } from "#lib/problems/catalogue.ts";
import { factsOf, recogniseError, recogniseIssuer } from "#lib/providers/facts-of.ts";
import { providers } from "#lib/providers/list.ts";
import {
  amazonRoots,
  azureRoots,
  digicertGlobalRootCa,
  letsEncryptRoots,
} from "#lib/providers/public-roots.ts";
import { findProvider, recogniseProvider } from "#lib/providers/recognise-provider.ts";
import words from "#messages/en/providers.json" with { type: "json" };

describe("the packs", () => {
  const noted = providers.flatMap(({ noteIds, hostNotes = [] }) => [
    ...noteIds,
    ...hostNotes.map(({ noteId }) => noteId),
  ]);

  test("C11: every note has its words, and every word is somebody's note", () => {
    expect(noted.filter((id) => !words[id])).toEqual([]);
    expect(Object.keys(words).filter((id) => id !== "heading" && !noted.some((note) => note === id))).toEqual(
      [],
    );
  });

  test("each has its facts, with what they were read from", () => {
    for (const provider of providers) {
      const { id } = provider;
      const { sources } = factsOf(provider);
      if (id !== "local") expect(sources.length, id).toBeGreaterThan(0);
      for (const { page, asOf, about } of sources) {
        expect(asOf).toMatch(/^20\d\d-\d\d$/);
        if (page !== null) expect(page).toMatch(/^[a-z0-9.-]+\.[a-z]+\/\S+$/);
        if (about in words) expect(noted).toContain(about);
      }
    }
  });

  test("D1, D2, D6, D7: Aurora DSQL's defaults", () => {
    const dsql = findProvider("aurora-dsql");
    expect(dsql?.tlsRequired).toBe(true);
    expect(dsql?.defaults).toMatchObject({
      mode: "verify-full",
      user: "admin",
      database: "postgres",
      port: "5432",
      sni: true,
      negotiation: "direct",
      signIn: "aurora-dsql-token",
    });
  });

  test.each([
    ["c-shop.abcdefghij1234.postgres.cosmos.azure.com", "azure", false],
    ["w12-shop.abcdefghij1234.postgres.cosmos.azure.com", "azure", true],
    ["shop.postgres.database.azure.com", "azure", false],
    ["w1-shop.example.test", undefined, false],
  ])("what Citus is at %s", (host, ports, isWorker) => {
    const citus = recogniseProvider(host)?.citus;
    expect(citus?.ports).toBe(ports);
    expect(citus?.worker?.test(host) ?? false).toBe(isWorker);
    if (citus?.worker !== undefined && citus.coordinator !== undefined)
      expect(host.replace(citus.worker, citus.coordinator)).toBe(
        "c-shop.abcdefghij1234.postgres.cosmos.azure.com",
      );
  });

  test("H1: Azure starts with TLS, and with every check", () => {
    for (const id of ["azure-citus", "azure-postgres"])
      expect(findProvider(id)?.defaults).toMatchObject({ ssl: true, mode: "verify-full" });
  });

  test("no default weakens anything", () => {
    for (const { defaults } of providers) {
      expect(defaults.ssl).not.toBe(false);
      expect(defaults.sni).not.toBe(false);
      expect(defaults.allowSelfSigned).toBeUndefined();
      expect(["require", "verify-full", undefined]).toContain(defaults.mode);
      expect(["require", undefined]).toContain(defaults.channelBinding);
    }
  });
});

describe("D3, H3: the public roots", () => {
  const known = new Map(
    rootCertificates.map((pem) => {
      const certificate = new X509Certificate(pem);
      return [certificate.fingerprint256, certificate] as const;
    }),
  );
  const roots = [
    ...new Map(
      providers.flatMap((provider) => factsOf(provider).roots).map((one) => [one.sha256, one]),
    ).values(),
  ];

  test("are Amazon's four and Starfield's, the three of Azure, and Let's Encrypt's two", () => {
    expect(amazonRoots.map(({ name }) => name)).toEqual([
      "Amazon Root CA 1",
      "Amazon Root CA 2",
      "Amazon Root CA 3",
      "Amazon Root CA 4",
      "Starfield Services Root Certificate Authority - G2",
    ]);
    expect(azureRoots.map(({ name }) => name)).toEqual([
      "DigiCert Global Root G2",
      "DigiCert Global Root CA",
      "Microsoft RSA Root Certificate Authority 2017",
    ]);
    expect(letsEncryptRoots.map(({ name }) => name)).toEqual(["ISRG Root X1", "ISRG Root X2"]);
  });

  test.each(roots)("$name is in Node's copy of Mozilla's store, with this name and date", (root) => {
    const found = known.get(root.sha256);
    // Newer Node releases have dropped this one, as Mozilla did.
    if (found === undefined && root.sha256 === digicertGlobalRootCa.sha256) return;
    expect(found?.subject.split("\n").at(-1)).toBe(`CN=${root.name}`);
    expect(new Date(found?.validTo ?? "").toISOString().slice(0, 10)).toBe(root.notAfter);
  });

  test.each(roots)("$name has more than a year left", ({ notAfter }) => {
    expect(Date.parse(notAfter) - Date.now()).toBeGreaterThan(366 * 86_400_000);
  });
});

describe("a provider's own words", () => {
  test.each([
    ["aurora-dsql", "unable to accept connection, sni was not received", "auth-sni-required"],
    ["aurora-dsql", "unable to accept connection, access denied", "auth-token-refused"],
    ["aurora-dsql", 'IAM authentication failed for user "admin"', "auth-token-refused"],
    ["rds", 'PAM authentication failed for user "app"', "auth-token-refused"],
    ["rds-proxy", "This RDS Proxy requires TLS connections", "auth-tls-required"],
    ["rds-proxy", "IAM is allowed only with SSL connections", "auth-tls-required"],
    ["rds-proxy", "This RDS proxy has no credentials for the role app", "auth-role-unknown"],
    [
      "azure-postgres",
      "SSL connection is required. Please specify SSL options and retry.",
      "auth-tls-required",
    ],
    ["supabase-pooler", "Tenant or user not found", "auth-pooler-tenant-unknown"],
    ["supabase-pooler", "(ENOTFOUND) tenant/user postgres.abc not found", "auth-pooler-tenant-unknown"],
    ["supabase-pooler", "SSL connection is required", "auth-tls-required"],
    ["supabase-pooler", "Max client connections reached", "server-too-many-connections"],
    ["neon", "Endpoint ID is not specified. Either please upgrade the postgres client", "auth-sni-required"],
    ["neon", "connection is insecure (try using `sslmode=require`)", "auth-tls-required"],
    [
      "neon",
      "The requested endpoint could not be found, or you don't have access to it.",
      "auth-endpoint-unknown",
    ],
    ["neon", "Your account or project has exceeded the compute time quota.", "server-paused"],
    ["neon", "Couldn't connect to compute node", "server-starting"],
    [
      "neon",
      "Inconsistent project name inferred from SNI ('ep-a') and project option ('ep-b').",
      "auth-endpoint-conflict",
    ],
    ["pgbouncer", "server login failed: wrong password type", "pooler-password-type"],
    ["pgbouncer", "server login failed: FATAL too many connections", "pooler-server-unreachable"],
    ["google-cloud-sql", 'Cloud SQL IAM user authentication failed for user "app"', "auth-token-refused"],
    ["cockroachdb", "codeParamsRoutingFailed: missing cluster identifier", "auth-sni-required"],
    ["cockroachdb", "node is running secure mode, SSL connection required", "auth-tls-required"],
    ["pgbouncer", "SSL required", "auth-tls-required"],
    ["pgbouncer", "unsupported startup parameter: options", "startup-parameter-refused"],
    ["pgbouncer", "SASL authentication failed", "auth-password-wrong"],
    ["pgbouncer", "no such user: app", "auth-role-unknown"],
    ["pgbouncer", "no such database: shop", "database-unknown"],
    ["pgbouncer", "no more connections allowed (max_client_conn)", "server-too-many-connections"],
    [
      "pgbouncer",
      "server login has been failing, try again later (server_login_retry)",
      "pooler-server-unreachable",
    ],
  ])("%s: %s", (id, message, code) => {
    const found = recogniseError(message, findProvider(id));
    expect(found?.phrase.code).toBe(code);
    expect(found?.provider.id).toBe(id);
    expect(problemCodes).toContain(code);
  });

  test("are known behind a name of one's own, but for those that others use otherwise", () => {
    expect(recogniseError("Tenant or user not found", undefined)?.provider.id).toBe("supabase-pooler");
    expect(recogniseError('PAM authentication failed for user "app"', undefined)).toBeUndefined();
    expect(recogniseError('password authentication failed for user "app"', undefined)).toBeUndefined();
    expect(recogniseError('database "SSL required" does not exist', undefined)).toBeUndefined();
  });

  test("cost no time on a hostile text", () => {
    const start = performance.now();
    recogniseError(`unsupported startup parameter: ${"database ".repeat(20_000)}`, undefined);
    recogniseError(`tenant/user ${"x ".repeat(20_000)}`, undefined);
    expect(performance.now() - start).toBeLessThan(500);
  });

  test("and its certificates give away what is reached by address", () => {
    expect(recogniseIssuer("CN=Google Cloud SQL Server CA, O=Google, Inc, C=US")?.id).toBe(
      "google-cloud-sql",
    );
    expect(recogniseIssuer("CN=Supabase Intermediate 2021 CA, O=Supabase Inc")?.id).toBe("supabase");
    expect(recogniseIssuer("CN=Company Root")).toBeUndefined();
  });
});
