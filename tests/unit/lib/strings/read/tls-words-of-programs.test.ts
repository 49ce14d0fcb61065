import { expect, test } from "vitest";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";

test.each([
  ["postgres://app@db.example.com/shop?sslMode=require", "require"],
  ["postgres://app@db.example.com/shop?ssl_mode=VERIFY_CA", "verify-ca"],
  ["postgres://app@db.example.com/shop?SSLMode=VerifyFull", "verify-full"],
  ["DB_HOST=db.example.com\nDB_USER=app\nDB_NAME=shop\nDB_SSL_REJECT_UNAUTHORIZED=true", "verify-full"],
])("a program's TLS words are understood: %s", (text, mode) => {
  const read = parseConnectionString(text);
  expect(read.ok && read.value.values).toMatchObject({ ssl: true, mode });
  expect(read.ok && read.value.unknown).toEqual([]);
});

const sqlTools = (ssl: string) =>
  `{"name":"x","driver":"PostgreSQL","server":"db.example.com","port":5432,"database":"shop","username":"app","pgOptions":{"ssl":${ssl}}}`;
const drizzle = (ssl: string) =>
  `export default defineConfig({ dialect: "postgresql", dbCredentials: { host: "db.example.com", user: "app", database: "shop", ssl: ${ssl} } });`;
const yaml = (ssl: string) => `host: db.example.com\nuser: app\ndatabase: shop\nssl:\n  ${ssl}\n`;

test.each([
  [sqlTools('{"rejectUnauthorized":true}'), { mode: "verify-full" }],
  [sqlTools('{"rejectUnauthorized":false}'), { mode: "require", allowSelfSigned: true }],
  [sqlTools('{"servername":"db.example.com"}'), { mode: "verify-full" }],
  [sqlTools("true"), { mode: "verify-full" }],
  [`{"sqltools.connections":[${sqlTools('{"rejectUnauthorized":true}')}]}`, { mode: "verify-full" }],
  [yaml("rejectUnauthorized: false"), { mode: "require", allowSelfSigned: true }],
  [yaml("rejectUnauthorized: true"), { mode: "verify-full" }],
  [drizzle("'allow'"), { mode: "allow" }],
  [drizzle("'verify-full'"), { mode: "verify-full" }],
  [drizzle("{ rejectUnauthorized: false }"), { mode: "require", allowSelfSigned: true }],
])("what a program hands to its driver: %s", (text, values) => {
  const read = parseConnectionString(text);
  expect(read.ok && read.value.values).toMatchObject({ ssl: true, host: "db.example.com", ...values });
});

test.each([
  ["DB_SSL_VERIFY=true", "DB_SSL_VERIFY"],
  ["DB_TLS=1", "DB_TLS"],
  ["DB_SSL_VERIFY=true\nDB_TLS_POLICY=strict", "DB_SSL_VERIFY, DB_TLS_POLICY"],
  ["DB_SSL_S3CRET=x", "…"],
])("words for TLS that nobody understood are named: %s", (line, list) => {
  const read = parseConnectionString(`DB_HOST=db.example.com\nDB_USER=app\nDB_NAME=shop\n${line}`);
  expect(read.ok && read.value.notes).toContainEqual({ id: "tls-words-unknown", facts: { list } });
});
