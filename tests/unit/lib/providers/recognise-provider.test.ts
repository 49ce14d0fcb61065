import { describe, expect, test } from "vitest";
import { findProvider, providers, recogniseProvider } from "#lib/providers/recognise-provider.ts";

const dsql = "abcdefghijklmnopqrstuvwxyz";

describe("C11: hosts are recognised by the whole name", () => {
  test.each([
    ["shop.c9akciq32.eu-west-1.rds.amazonaws.com", "rds"],
    ["shop.cluster-c9akciq32.eu-west-1.rds.amazonaws.com", "rds"],
    ["shop.cluster-ro-c9akciq32.eu-west-1.rds.amazonaws.com", "rds"],
    ["shop.proxy-c9akciq32.eu-west-1.rds.amazonaws.com", "rds"],
    ["shop.c9akciq32.rds.cn-north-1.amazonaws.com.cn", "rds"],
    ["SHOP.C9AKCIQ32.EU-WEST-1.RDS.AMAZONAWS.COM.", "rds"],
    [`${dsql}.dsql.us-east-1.on.aws`, "aurora-dsql"],
    [`${dsql}.dsql-gamma.us-east-1.on.aws`, "aurora-dsql"],
    ["c-shop.abcdefghij1234.postgres.cosmos.azure.com", "azure-citus"],
    ["w0-shop.abcdefghij1234.privatelink.postgres.cosmos.azure.com", "azure-citus"],
    ["c.shop.postgres.database.azure.com", "azure-citus"],
    ["w12.shop.postgres.database.azure.com", "azure-citus"],
    ["shop.postgres.database.azure.com", "azure-postgres"],
    ["shop.privatelink.postgres.database.azure.com", "azure-postgres"],
    ["shop.postgres.database.chinacloudapi.cn", "azure-postgres"],
    ["shop.postgres.database.usgovcloudapi.net", "azure-postgres"],
    ["db.abcdefghijklmnopqrst.supabase.co", "supabase"],
    ["aws-0-eu-central-1.pooler.supabase.com", "supabase"],
    ["ep-cool-darkness-123456.us-east-2.aws.neon.tech", "neon"],
    ["ep-cool-darkness-123456-pooler.c-2.us-east-2.aws.neon.tech", "neon"],
    ["localhost", "local"],
    ["LocalHost.", "local"],
    ["db.localhost", "local"],
    ["127.0.0.1", "local"],
    ["127.3.2.1", "local"],
    ["::1", "local"],
    ["[::1]", "local"],
    ["host.docker.internal", "local"],
  ])("%s is %s", (host, id) => {
    expect(recogniseProvider(host)?.id).toBe(id);
  });

  test.each([
    "",
    ".",
    "db.example.test",
    "x.rds.amazonaws.com.evil.test",
    "rds.amazonaws.com",
    "xrds.amazonaws.com",
    "x.rds.amazonaws.com..",
    "x.rds.amazonaws.com\n.evil.test",
    "evil.test/x.rds.amazonaws.com",
    "evil.test#.rds.amazonaws.com",
    `${dsql}.dsql.us-east-1.on.aws.evil.test`,
    `x${dsql}.dsql.us-east-1.on.aws`,
    "abc.dsql.us-east-1.on.aws",
    "postgres.database.azure.com",
    "shop.postgres.database.azure.com.evil.test",
    "db.short.supabase.co",
    "db.abcdefghijklmnopqrst.supabase.co.evil.test",
    "pooler.supabase.com",
    "neon.tech",
    "ep-x.neon.tech.evil.test",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "128.0.0.1",
    `${"a.".repeat(200)}rds.amazonaws.com`,
  ])("%j is none of them", (host) => {
    expect(recogniseProvider(host)).toBeUndefined();
  });

  test("a hostile name costs no time", () => {
    const start = performance.now();
    for (const host of [`${"a".repeat(250)}!`, `${"a-".repeat(120)}!`, `ep-${"a.".repeat(120)}!`])
      recogniseProvider(host);
    // A pattern that backtracks on these takes longer than anybody waits.
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("ids are found again, and unique", () => {
    for (const provider of providers) expect(findProvider(provider.id)).toBe(provider);
    expect(new Set(providers.map((provider) => provider.id)).size).toBe(providers.length);
    expect(findProvider("constructor")).toBeUndefined();
  });
});
