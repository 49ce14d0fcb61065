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
