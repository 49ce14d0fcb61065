import { expect, test } from "vitest";
import { sessionLifeMs } from "#lib/tokens/session-life.ts";

const cluster = `${"a".repeat(26)}.dsql.us-east-1.on.aws`;

test.each([
  ["a cluster's own name, by token", cluster, "aurora-dsql-token", 3_300_000],
  ["a name of one's own", "db.example.test", "aurora-dsql-token", 3_300_000],
  ["a pasted token", cluster, "password", 3_300_000],
  ["RDS", "shop.abc123.eu-west-1.rds.amazonaws.com", "rds-token", null],
  ["Azure", "shop.postgres.database.azure.com", "entra-token", null],
] as const)("how long a session may be used: %s", (_what, host, signIn, ms) => {
  expect(sessionLifeMs({ host, signIn })).toBe(ms);
});
