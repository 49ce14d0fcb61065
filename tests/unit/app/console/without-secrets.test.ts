import { expect, test, vi } from "vitest";
import { askForFound } from "#app/(console)/palette/ask-palette.ts";
import { withoutSecrets } from "#app/(console)/without-secrets.ts";

const pasted = [
  "postgres://app:hunter2@db.example.com/shop",
  "postgres://app:hunter2/with@signs@db.example.com/shop",
  "jdbc:postgresql://db.example.com/shop?user=app&password=hunter2",
  "host=db.example.com user=app password=hunter2",
  "host=db.example.com password='hunter2 and more'",
  "Server=db.example.com;User Id=app;Password=hunter2;SSL Mode=VerifyFull",
  "PGPASSWORD=hunter2 psql -h db.example.com",
  'DATABASE_PASSWORD: "hunter2" # db.example.com',
  '{"host": "db.example.com", "password": "hunter2"}',
  // Signs that other forms take for the end of a value.
  ...["'", '"', "<", ">", "`", ";x", "@"].flatMap((sign) => [
    `postgres://app:x${sign}hunter2@db.example.com/shop`,
    `psql: error: postgres://app:x${sign}hunter2@db.example.com/shop refused`,
  ]),
  ...["'", '"', "<", "@", "/"].map((sign) => `host=db.example.com password=x${sign}hunter2 user=app`),
  "app:hunter2@db.example.com",
  "db.example.com: app:hun@ter:hunter2@localhost",
  // Typed so far, or cut off.
  "look at db.example.com: postgres://app:x@hunter2",
  "look at db.example.com: postgres://app:hunter2",
  "psql: error: db.example.com: invalid dsn: sslpassword=hunter2",
];

test.each(pasted)("%s goes into no address with its password", (text) => {
  const search = withoutSecrets(text);
  expect(search).not.toContain("hunter2");
  expect(search).toContain("db.example.com");
});

test.each([
  'FATAL: password authentication failed for user "app"',
  "fe_sendauth: no password supplied",
  "SSL error: certificate verify failed",
  "tls-pin-changed",
  "28P01",
  "http://127.0.0.1:3000",
  "tcp://db.example.com:5432/shop?x=y",
])("%s is looked for as it stands", (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

test("the palette asks without them", async () => {
  const asked = vi.fn(async (_address: string) => Response.json({ connections: [], problems: [] }));
  vi.stubGlobal("fetch", asked);
  for (const text of pasted) await askForFound(text, [], new AbortController().signal);
  expect(asked).toHaveBeenCalledTimes(pasted.length);
  expect(asked.mock.calls.join()).not.toContain("hunter2");
  vi.unstubAllGlobals();
});
