import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mendedString } from "#lib/strings/read/fixed-string.ts";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";
import { readConnections } from "#lib/strings/read/read-connections.ts";
import { adoNet } from "../corpus/ado-net.ts";
import { code } from "../corpus/code.ts";
import { commandLines } from "../corpus/command-lines.ts";
import { files } from "../corpus/files.ts";
import { jdbc } from "../corpus/jdbc.ts";
import { keywords } from "../corpus/keywords.ts";
import { urls } from "../corpus/urls.ts";

/** Nothing that is shown holds it. */
const secret = "Zq7xZq7xZq7x";

function shownOf(text: string): string {
  const found = readConnections(text);
  if (!found.ok) return JSON.stringify(found.problem);
  return JSON.stringify(
    found.value.map(({ name, read }) => {
      if (!read.ok) return [name, read.problem];
      const { password: _, keyPassphrase: __, clientKey: ___, ...shown } = read.value;
      return [name, shown];
    }),
  );
}

describe("a separator that is none in its form", () => {
  test.each([
    [
      "jdbc:postgresql://db.example.com:5432/shop;user=app;password=Zq7x;sslmode=verify-full",
      "question-mark-missing",
    ],
    ["postgres://db.example.com/shop;user=app;password=Zq7x", "question-mark-missing"],
    ["postgres://db.example.com:5432;user=app;password=Zq7x", "question-mark-missing"],
    ["postgres://app:Zq7x@db.example.com/shop&sslmode=verify-full", "question-mark-missing"],
    [
      "postgres://app:Zq7x@db.example.com/shop&sslmode=verify-full?connect_timeout=5",
      "question-mark-missing",
    ],
    ["postgresql+asyncpg://app:Zq7x@db.example.com/shop&ssl=require", "question-mark-missing"],
    ['psql "postgres://app:Zq7x@db.example.com/shop&sslmode=require"', "question-mark-missing"],
    ["new Client('postgres://app:Zq7x@db.example.com/shop;ssl=true')", "question-mark-missing"],
    ["postgres://app:x@db.example.com/shop?a=b&amp;sslmode=require", "html-ampersand"],
    ["postgres://app;Zq7x@db.example.com/shop", "user-sign"],
    ["postgres://app,Zq7x@db.example.com/shop", "user-sign"],
    ["postgres://app|Zq7x@db.example.com/shop", "user-sign"],
    ["postgres://app=Zq7x@db.example.com/shop", "user-sign"],
    ["postgres://app/Zq7x@db.example.com/shop", "password-unescaped"],
    ["postgres://app?Zq7x@db.example.com/shop", "password-unescaped"],
    ["postgres://app:12345/db.example.com/shop", "database-sign"],
    ["postgres://db.example.com/app:Zq7x", "database-sign"],
    ["psql 'postgres://app'Zq7x@db.example.com/shop", "user-sign"],
    ["postgres://app:Zq7x@2001:db8::1:5432/shop", "ipv6-brackets"],
    ["postgres://::1/shop", "ipv6-brackets"],
    ["postgres://app@server:Zq7x@db.example.com/shop", "user-unescaped"],
    ["host=db.example.com user=app;password=Zq7x dbname=shop", "ran-together"],
    ["user=app,password=Zq7x host=db.example.com", "ran-together"],
    ["Host=db.example.com;Username=app Password=Zq7x;Database=d", "ran-together"],
    ["Host=db.example.com;Username=app,Password:Zq7x;Database=d", "ran-together"],
    ["DB_HOST=db.example.com\nDB_NAME=d\nDB_USER=app;DB_PASSWORD=Zq7x", "ran-together"],
    ["[s]\nhost=db.example.com\nuser=app password=Zq7x", "ran-together"],
    ["new PDO('pgsql:host=db.example.com;dbname=d' 'app', 'Zq7x')", "comma-missing"],
  ])("%s: %s", (text, reason) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({
      code: "string-malformed",
      facts: { reason },
    });
    expect(JSON.stringify(read)).not.toContain("Zq7");
  });

  test("a tunnel's URL has the database's behind it", () => {
    const read = parseConnectionString(
      "postgresql+ssh://ec2-user@bastion:22/app:s3cretpw@db.example.com:5432/shop",
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        values: { host: "db.example.com", port: "5432", user: "app", database: "shop" },
        password: "s3cretpw",
        notes: [{ id: "ssh-tunnel" }, { id: "sslmode-absent-means-prefer" }],
      },
    });
  });

  test("what is meant is written with %", () => {
    const read = parseConnectionString("postgres://a%3Bb:x@h/c%2Fd%3De");
    expect(read.ok && read.value.values).toMatchObject({ user: "a;b", database: "c/d=e" });
  });
});

describe("one click", () => {
  test.each([
    [
      "jdbc:postgresql://h:5432/shop;user=app;password=s3cret;sslmode=verify-full",
      "jdbc:postgresql://h:5432/shop?user=app&password=s3cret&sslmode=verify-full",
    ],
    ["postgres://app:s3@h/shop&sslmode=verify-full", "postgres://app:s3@h/shop?sslmode=verify-full"],
    ["postgres://app:s3@h/shop&a=b?c=d", "postgres://app:s3@h/shop?a=b&c=d"],
    ["postgres://app:s3@h/d?a=b&amp;sslmode=require", "postgres://app:s3@h/d?a=b&sslmode=require"],
    ["postgres://app:s3@2001:db8::1:5432/shop", "postgres://app:s3@[2001:db8::1]:5432/shop"],
    ["postgres://::1/shop", "postgres://[::1]/shop"],
    ["postgres://2001:db8:0:0:0:0:0:1/shop", "postgres://[2001:db8:0:0:0:0:0:1]/shop"],
    ["postgres://app@server:s3@h/shop", "postgres://app%40server:s3@h/shop"],
  ])("%s", (text, fixed) => {
    const read = parseConnectionString(text);
    expect(read.ok).toBe(false);
    expect(!read.ok && mendedString(text, read.problem)).toBe(fixed);
    const again = parseConnectionString(fixed);
    expect(again.ok).toBe(true);
  });
});

describe("trimming does not reach into a value", () => {
  test.each([
    ["postgres://db.example.com/shop?user=app&password=s3cret;", "s3cret;"],
    ["postgres://db.example.com/shop?user=app&password=s3cret,", "s3cret,"],
    ["postgres://db.example.com/shop?user=app&password=s3cret'", "s3cret'"],
    ['jdbc:postgresql://db.example.com/shop?user=app&password=s3cret";', 's3cret";'],
    ["host=db.example.com user=app password=s3cret;", "s3cret;"],
    ["DB_HOST=h\nDB_NAME=d\nDB_USER=u\nDB_PASSWORD=s3cret;", "s3cret;"],
    ["postgres://app:s3cret;@db.example.com/shop;", "s3cret;"],
    ["postgres://app:s3cret@db.example.com/shop?sslmode=require;", "s3cret"],
  ])("%s", (text, password) => {
    const read = parseConnectionString(text);
    expect(read.ok && read.value.password).toBe(password);
    expect(read.ok && read.value.values.host).toMatch(/^(?:h|db\.example\.com)$/);
  });
});

test("no shown field holds what stands where a secret may stand, whatever its separators became", () => {
  const texts = Object.values({ urls, keywords, commandLines, jdbc, adoNet, code, files })
    .flat()
    .map(([text]) => text)
    .filter((text) => text.includes("s3cret") && !text.includes("czNjcmV0"))
    .map((text) => text.replaceAll("s3cret", secret));
  const separators = [..." ;,|&?=:/@\n\t#'\"`+\\", "; ", ", ", " = ", ": "];
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.nat(),
      fc.constantFrom(...separators),
      fc.boolean(),
      (text, nth, separator, everywhere) => {
        const at = text.indexOf(secret);
        const places = [...text.matchAll(/[^\w.-]/g)]
          .map(({ index }) => index)
          .filter((place) => Math.abs(place - at) < 90);
        const place = places[nth % places.length] ?? 0;
        const made = everywhere
          ? text.replaceAll(text.charAt(place), separator)
          : text.slice(0, place) + separator + text.slice(place + 1);
        expect(shownOf(made), made).not.toContain("Zq7");
      },
    ),
    { numRuns: 6000 },
  );
});
