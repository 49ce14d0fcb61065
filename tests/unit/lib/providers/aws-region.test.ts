import { describe, expect, test } from "vitest";
import { awsRegionOf, isAwsRegion } from "#lib/providers/aws-region.ts";
import { entraCloudOf } from "#lib/providers/entra-cloud.ts";

const cluster = "a".repeat(26);

describe("D6 the region is taken from the endpoint", () => {
  test.each([
    [`${cluster}.dsql.us-east-1.on.aws`, "us-east-1"],
    [`${cluster.toUpperCase()}.DSQL.EU-WEST-2.ON.AWS.`, "eu-west-2"],
    [`${cluster}.dsql-fnh4.ap-northeast-1.on.aws`, "ap-northeast-1"],
    ["shop.abc123.eu-central-1.rds.amazonaws.com", "eu-central-1"],
    ["shop.cluster-ro-abc123.us-gov-west-1.rds.amazonaws.com", "us-gov-west-1"],
    ["shop.proxy-abc123.ca-west-1.rds.amazonaws.com", "ca-west-1"],
    ["shop.abc123.rds.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"],
  ])("%s lies in %s", (host, region) => {
    expect(awsRegionOf(host)).toBe(region);
  });

  test.each([
    "db.example.com",
    "shop.global-abc123.global.rds.amazonaws.com",
    `${cluster}.dsql.us-east-1.on.aws.evil.test`,
    "shop.abc123.us-east-1.rds.amazonaws.com.evil.test",
    "",
  ])("%s tells no region", (host) => {
    expect(awsRegionOf(host)).toBeUndefined();
  });

  test.each(["us-east-1/", "evil.test#-1", "us-east-1.evil.test", "US-EAST-1", "", "us-east-1\n"])(
    "%j is no region: it would become part of a host name",
    (text) => {
      expect(isAwsRegion(text)).toBe(false);
    },
  );
});

test.each([
  [
    "c-shop.abcdefghij1234.postgres.cosmos.azure.com",
    "public",
    "https://ossrdbms-aad.database.windows.net/.default",
  ],
  ["shop.postgres.database.azure.com", "public", "https://ossrdbms-aad.database.windows.net/.default"],
  [
    "shop.postgres.database.usgovcloudapi.net",
    "us-government",
    "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
  ],
  [
    "shop.postgres.database.chinacloudapi.cn",
    "china",
    "https://ossrdbms-aad.database.chinacloudapi.cn/.default",
  ],
  ["db.example.com", "public", "https://ossrdbms-aad.database.windows.net/.default"],
])("%s belongs to the %s cloud", (host, id, scope) => {
  expect(entraCloudOf(host)).toMatchObject({ id, scope });
});
