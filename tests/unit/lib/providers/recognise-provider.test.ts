import { describe, expect, test } from "vitest";
import { providers } from "#lib/providers/list.ts";
import { findProvider, notesFor, recogniseProvider } from "#lib/providers/recognise-provider.ts";

const dsql = "abcdefghijklmnopqrstuvwxyz";
const project = "abcdefghijklmnopqrst";

/** Hosts as each provider's documentation and its customers' strings have them. */
const documented: Readonly<Record<string, readonly string[]>> = {
  "aurora-dsql": [
    `${dsql}.dsql.us-east-1.on.aws`,
    `${dsql}.dsql.us-east-2.on.aws`,
    `${dsql}.dsql.us-west-2.on.aws`,
    `${dsql}.dsql.eu-west-1.on.aws`,
    `${dsql}.dsql.ap-northeast-1.on.aws`,
    `${dsql}.dsql-gamma.us-east-1.on.aws`,
    `${dsql.toUpperCase()}.DSQL.US-EAST-1.ON.AWS`,
    `${dsql}.dsql.us-east-1.on.aws.`,
    "iiabtx7lqwx2abcde3fghi4jkl.dsql.eu-west-2.on.aws",
  ],
  rds: [
    "shop.c9akciq32.eu-west-1.rds.amazonaws.com",
    "shop.cluster-c9akciq32.eu-west-1.rds.amazonaws.com",
    "shop.cluster-ro-c9akciq32.eu-west-1.rds.amazonaws.com",
    "shop.cluster-custom-c9akciq32.us-east-1.rds.amazonaws.com",
    "mypostgresql.c6c8mwvfdgv0.us-west-2.rds.amazonaws.com",
    "shop.c9akciq32.us-gov-west-1.rds.amazonaws.com",
    "shop.c9akciq32.rds.cn-north-1.amazonaws.com.cn",
    "shop.c9akciq32.rds.cn-northwest-1.amazonaws.com.cn",
    "shop.c9akciq32.ca-west-1.rds.amazonaws.com",
    "SHOP.C9AKCIQ32.EU-WEST-1.RDS.AMAZONAWS.COM.",
  ],
  "rds-proxy": [
    "shop.proxy-c9akciq32.eu-west-1.rds.amazonaws.com",
    "test-proxy.proxy-xxxxxxxxxxxx.us-east-1.rds.amazonaws.com",
    "reader.endpoint.proxy-c9akciq32.us-east-2.rds.amazonaws.com",
    "shop-ro.endpoint.proxy-abcdef123456.ap-southeast-2.rds.amazonaws.com",
    "shop.proxy-c9akciq32.ca-central-1.rds.amazonaws.com",
    "shop.proxy-c9akciq32.rds.cn-north-1.amazonaws.com.cn",
    "SHOP.PROXY-C9AKCIQ32.EU-WEST-1.RDS.AMAZONAWS.COM",
    "shop.proxy-c9akciq32.eu-west-1.rds.amazonaws.com.",
  ],
  "azure-citus": [
    "c-shop.abcdefghij1234.postgres.cosmos.azure.com",
    "c-mydemocluster.12345678901234.postgres.cosmos.azure.com",
    "w0-shop.abcdefghij1234.postgres.cosmos.azure.com",
    "w12-shop.abcdefghij1234.postgres.cosmos.azure.com",
    "c-shop.abcdefghij1234.privatelink.postgres.cosmos.azure.com",
    "w0-shop.abcdefghij1234.privatelink.postgres.cosmos.azure.com",
    "c-shop.abcdefghij1234.postgres.cosmos.chinacloudapi.cn",
    "c.shop.postgres.database.azure.com",
    "w12.shop.postgres.database.azure.com",
    "c.privatelink.shop.postgres.database.azure.com",
  ],
  "azure-postgres": [
    "shop.postgres.database.azure.com",
    "mydemoserver.postgres.database.azure.com",
    "pg-7.postgres.database.azure.com",
    "shop.privatelink.postgres.database.azure.com",
    "shop.private.postgres.database.azure.com",
    "shop.postgres.database.chinacloudapi.cn",
    "shop.postgres.database.usgovcloudapi.net",
    "SHOP.Postgres.Database.Azure.Com",
    "shop.postgres.database.azure.com.",
  ],
  supabase: [
    `db.${project}.supabase.co`,
    `db.${project}.supabase.red`,
    `DB.${project}.SUPABASE.CO`,
    `db.${project}.supabase.co.`,
    "db.aaaaaaaaaaaaaaaaaaaa.supabase.co",
    "db.zyxwvutsrqponmlkjihg.supabase.co",
    "db.fsflmbcjjqkvdsnyzxwv.supabase.co",
    "db.abcd1234efgh5678ijkl.supabase.co",
  ],
  "supabase-pooler": [
    "aws-0-eu-central-1.pooler.supabase.com",
    "aws-0-us-west-1.pooler.supabase.com",
    "aws-1-us-east-2.pooler.supabase.com",
    "aws-0-ap-southeast-1.pooler.supabase.com",
    "aws-0-sa-east-1.pooler.supabase.com",
    "fly-0-iad.pooler.supabase.com",
    "AWS-0-EU-CENTRAL-1.POOLER.SUPABASE.COM",
    "aws-0-eu-central-1.pooler.supabase.com.",
  ],
  neon: [
    "ep-cool-darkness-123456.us-east-2.aws.neon.tech",
    "ep-cool-darkness-123456-pooler.us-east-2.aws.neon.tech",
    "ep-cool-darkness-123456-pooler.c-2.us-east-2.aws.neon.tech",
    "ep-aged-math-668285.us-east-2.aws.neon.tech",
    "ep-late-sun-a1b2c3d4.germanywestcentral.azure.neon.tech",
    "ep-cool-darkness-123456.eu-central-1.aws.neon.build",
    "EP-COOL-DARKNESS-123456.US-EAST-2.AWS.NEON.TECH",
    "ep-cool-darkness-123456.us-east-2.aws.neon.tech.",
    "ep-cool-darkness-123456.neon.tech",
  ],
  "google-cloud-sql": [
    "1a23b4cd5e67.1a2b345c6d27.us-central1.sql.goog",
    "1a23b4cd5e67.1a2b345c6d27.us-central1.sql.goog.",
    "1a23b4cd5e67.1a2b345c6d27.us-central1.sql-psa.goog",
    "1a23b4cd5e67.1a2b345c6d27.europe-west1.sql-psc.goog.",
    "1A23B4CD5E67.1A2B345C6D27.US-CENTRAL1.SQL.GOOG",
    "abc.def.asia-east1.sql.goog",
    "abc.def.us-central1.alloydb.goog",
    "abc.def.us-central1.alloydb-psc.goog",
  ],
  heroku: [
    "ec2-54-243-92-68.compute-1.amazonaws.com",
    "ec2-3-229-11-55.compute-1.amazonaws.com",
    "ec2-34-247-118-233.eu-west-1.compute.amazonaws.com",
    "ec2-46-137-177-160.eu-west-1.compute.amazonaws.com",
    "ec2-52-18-116-67.eu-west-1.compute.amazonaws.com",
    "ec2-54-243-92-68.compute-1.amazonaws.com.",
    "EC2-54-243-92-68.COMPUTE-1.AMAZONAWS.COM",
    "ec2-13-54-1-2.ap-southeast-2.compute.amazonaws.com",
  ],
  digitalocean: [
    "db-postgresql-nyc3-86227-do-user-9807415-0.b.db.ondigitalocean.com",
    "backend-datastore-do-user-6612421-0.db.ondigitalocean.com",
    "private-shop-do-user-1-0.j.db.ondigitalocean.com",
    "shop-do-user-1-0.a.db.ondigitalocean.com",
    "app-c6f3a3d0-do-user-11242026-0.b.db.ondigitalocean.com",
    "replica-shop-do-user-1-0.b.db.ondigitalocean.com",
    "SHOP-DO-USER-1-0.B.DB.ONDIGITALOCEAN.COM",
    "shop-do-user-1-0.b.db.ondigitalocean.com.",
  ],
  railway: [
    "viaduct.proxy.rlwy.net",
    "monorail.proxy.rlwy.net",
    "roundhouse.proxy.rlwy.net",
    "postgres.railway.internal",
    "postgres-abcd.railway.internal",
    "containers-us-west-12.railway.app",
    "VIADUCT.PROXY.RLWY.NET",
    "viaduct.proxy.rlwy.net.",
  ],
  render: [
    "dpg-d828b83rjlhs738h3lo0-a.frankfurt-postgres.render.com",
    "dpg-cmnu2imd3nmc739h84h0-a.oregon-postgres.render.com",
    "dpg-d4mvsm1r0fns73ai8s10-a.ohio-postgres.render.com",
    "dpg-cqnuav08fa8c73aul7r0-a.singapore-postgres.render.com",
    "dpg-cqnuav08fa8c73aul7r0-a.virginia-postgres.render.com",
    "dpg-cqnuav08fa8c73aul7r0.oregon-postgres.render.com",
    "DPG-CQNUAV08FA8C73AUL7R0-A.OREGON-POSTGRES.RENDER.COM",
    "dpg-cqnuav08fa8c73aul7r0-a.oregon-postgres.render.com.",
  ],
  timescale: [
    "abcdefghij.klmnopqrst.tsdb.cloud.timescale.com",
    "zyxwv12345.abcde67890.tsdb.cloud.timescale.com",
    "a1b2c3d4e5.f6g7h8i9j0.eu-west-1.tsdb.cloud.timescale.com",
    "service.project.tsdb.cloud.timescale.com",
    "x.tsdb.cloud.timescale.com",
    "service-pooler.project.tsdb.cloud.timescale.com",
    "ABCDEFGHIJ.KLMNOPQRST.TSDB.CLOUD.TIMESCALE.COM",
    "abcdefghij.klmnopqrst.tsdb.cloud.timescale.com.",
  ],
  cockroachdb: [
    "free-tier.gcp-us-central1.cockroachlabs.cloud",
    "blue-dog-595.g95.cockroachlabs.cloud",
    "cluster-1234.abc.aws-us-east-1.cockroachlabs.cloud",
    "blue-dog-595.6wr.gcp-us-east1.cockroachlabs.cloud",
    "internal-blue-dog-595.6wr.gcp-us-east1.cockroachlabs.cloud",
    "blue-dog-595.7tt.azure-eastus.cockroachlabs.cloud",
    "BLUE-DOG-595.G95.COCKROACHLABS.CLOUD",
    "blue-dog-595.g95.cockroachlabs.cloud.",
  ],
  yugabytedb: [
    "us-west-2.4477b44e-4f4c-4ee4-4f4c-f44e4177f44e.aws.yugabyte.cloud",
    "us-west1.1a2b3c4d-5e6f.gcp.yugabyte.cloud",
    "eastus.1a2b3c4d-5e6f.azure.yugabyte.cloud",
    "eu-west-1.abc.aws.yugabyte.cloud",
    "ap-south-1.abc.aws.yugabyte.cloud",
    "private-us-west-2.abc.aws.yugabyte.cloud",
    "US-WEST-2.ABC.AWS.YUGABYTE.CLOUD",
    "us-west-2.abc.aws.yugabyte.cloud.",
  ],
  aiven: [
    "pg-3729bd9d-shop.j.aivencloud.com",
    "postgresql-shop.a.aivencloud.com",
    "pg-shop-project.aivencloud.com",
    "public-pg-shop.a.aivencloud.com",
    "replica.pg-shop.b.aivencloud.com",
    "privatelink-1.pg-shop.c.aivencloud.com",
    "PG-SHOP.A.AIVENCLOUD.COM",
    "pg-shop.a.aivencloud.com.",
  ],
  "crunchy-bridge": [
    "p.qnplnpl3nbabto2zddq2phjlwi.db.postgresbridge.com",
    "p.3x4xvkn3xza2zjwiklcuonpamy.db.postgresbridge.com",
    "p.rlqafgefofftpkivbewroi3b6e.db.postgresbridge.com",
    "p.abcd1234.db.postgresbridge.com",
    "r.abcd1234.db.postgresbridge.com",
    "p.example.db.postgresbridge.com",
    "P.EXAMPLE.DB.POSTGRESBRIDGE.COM",
    "p.example.db.postgresbridge.com.",
  ],
  local: [
    "localhost",
    "LocalHost.",
    "db.localhost",
    "127.0.0.1",
    "127.3.2.1",
    "::1",
    "[::1]",
    "host.docker.internal",
  ],
};

const table = Object.entries(documented).flatMap(([id, hosts]) => hosts.map((host) => [host, id] as const));

describe("C11, D1, H1: hosts are recognised by the whole name", () => {
  test.each(table)("%s is %s", (host, id) => {
    expect(recogniseProvider(host)?.id).toBe(id);
    expect(providers.filter(({ hosts }) => hosts?.test(host)).length).toBeLessThanOrEqual(2);
  });

  test("every provider has at least eight of them, but the one without hosts", () => {
    const ids = providers.filter(({ hosts }) => hosts !== null).map(({ id }) => id);
    expect(Object.keys(documented).sort()).toEqual([...ids].sort());
    for (const hosts of Object.values(documented)) expect(hosts.length).toBeGreaterThanOrEqual(8);
  });

  // What somebody who wants to be taken for a provider would register, for each of the hosts above.
  const lookAlikes: readonly (readonly [string, (host: string) => string])[] = [
    ["with another domain behind it", (host) => `${bare(host)}.evil.test`],
    ["with a domain that only begins so", (host) => `${bare(host)}.evil-amazonaws.com`],
    ["with two dots at its end", (host) => `${bare(host)}..`],
    ["with a second line", (host) => `${bare(host)}\n.evil.test`],
    ["with a zero byte", (host) => `${bare(host)}\0`],
    ["behind a path", (host) => `evil.test/${bare(host)}`],
    ["behind a user", (host) => `evil.test@${bare(host)}`],
    ["behind a fragment", (host) => `evil.test#${bare(host)}`],
    ["with letters of another script", (host) => bare(host).replace(/[aeo](?=[^aeo]*$)/i, "\u0430")],
    ["with a dot of another script", (host) => bare(host).replace(/\.(?=[^.]*$)/, "\u3002")],
    ["with its last dot as a hyphen", (host) => bare(host).replace(/\.(?=[^.]*$)/, "-")],
    ["with its port", (host) => `${bare(host)}:5432`],
  ];
  const bare = (host: string) => host.replace(/\.$/, "");

  test.each(lookAlikes)("none of them %s", (_what, disguise) => {
    // Names without a dot and addresses have nothing to disguise in some of these ways.
    const hosts = table.map(([host]) => host).filter((host) => disguise(host) !== bare(host));
    expect(hosts.filter((host) => recogniseProvider(disguise(host)) !== undefined)).toEqual([]);
    expect(hosts.length).toBeGreaterThan(100);
  });

  test.each([
    "",
    ".",
    "db.example.test",
    "rds.amazonaws.com",
    "xrds.amazonaws.com",
    "shop.rds.amazonaws.com.cn",
    `${dsql}.dsqlx.us-east-1.on.aws`,
    "postgres.database.azure.com",
    "xpostgres.database.azure.com",
    "c-shop.short.postgres.cosmos.azure.com",
    "db.short.supabase.co",
    `${project}.supabase.co`,
    "pooler.supabase.com",
    "evil-neon.tech",
    "neon.tech",
    "ep-x.evil-neon.tech",
    "console.neon.tech",
    "sql.goog",
    "evilsql.goog",
    "ec2-1-2-3.compute-1.amazonaws.com",
    "xec2-1-2-3-4.compute-1.amazonaws.com",
    "db.ondigitalocean.com",
    "shop.ondigitalocean.com",
    "railway.app",
    "evilrlwy.net",
    "dpg-d828b83rjlhs738h3lo0-a",
    "shop.onrender.com",
    "postgres.render.com",
    "cloud.timescale.com",
    "evilcockroachlabs.cloud",
    "cockroachlabs.cloud",
    "aws.yugabyte.cloud",
    "aivencloud.com",
    "evilaivencloud.com",
    "db.postgresbridge.com",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "128.0.0.1",
    `${"a.".repeat(200)}rds.amazonaws.com`,
  ])("%j is none of them", (host) => {
    expect(recogniseProvider(host)).toBeUndefined();
  });

  test("a port gives away what has no host of its own, and never overrules a host", () => {
    expect(recogniseProvider("db.example.test", "6432")?.id).toBe("pgbouncer");
    expect(recogniseProvider("10.0.0.7", 6432)?.id).toBe("pgbouncer");
    expect(recogniseProvider("db.example.test", "5432")).toBeUndefined();
    expect(recogniseProvider("", "6432")).toBeUndefined();
    expect(recogniseProvider("localhost", "6432")?.id).toBe("local");
    expect(recogniseProvider("c-shop.abcdefghij1234.postgres.cosmos.azure.com", "6432")?.id).toBe(
      "azure-citus",
    );
  });

  test("a note for some hosts only stands before the others", () => {
    const found = findProvider("rds");
    if (found === undefined) throw new Error("rds");
    expect(notesFor(found, "x.abc.ca-west-1.rds.amazonaws.com.")[0]).toBe("rds-region-missing");
    expect(notesFor(found, "x.abc.ca-central-1.rds.amazonaws.com")).toEqual(found.noteIds);
  });

  test("a hostile name costs no time", () => {
    const start = performance.now();
    for (const host of [
      `${"a".repeat(250)}!`,
      `${"a-".repeat(120)}!`,
      `ep-${"a.".repeat(120)}!`,
      "a.".repeat(126),
    ])
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
