import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConnectionString } from "#lib/strings/read/parse-connection-string.ts";
import { stringForms } from "#lib/strings/read/raw-connection.ts";
import { type ReadConnection, readConnections } from "#lib/strings/read/read-connections.ts";
import { adoNet } from "../corpus/ado-net.ts";
import { code } from "../corpus/code.ts";
import { commandLines } from "../corpus/command-lines.ts";
import { files } from "../corpus/files.ts";
import { jdbc } from "../corpus/jdbc.ts";
import { keywords } from "../corpus/keywords.ts";
import { summaryOf } from "../corpus/summary.ts";
import { urls } from "../corpus/urls.ts";

const corpus = { urls, keywords, commandLines, jdbc, adoNet, code, files };

describe("H2: every form is read, and means what its own client means by it", () => {
  describe.each(Object.entries(corpus))("%s", (_, rows) => {
    test.each(rows)("%j", (text, means) => {
      const read = parseConnectionString(text);
      expect(read.ok ? summaryOf(read.value) : read.problem).toBe(means);
    });
  });

  test("the corpus is large, and has every form", () => {
    const rows = Object.values(corpus).flat();
    expect(rows.length).toBeGreaterThanOrEqual(250);
    expect(new Set(rows.map(([text]) => text)).size).toBe(rows.length);
    expect([...new Set(rows.map(([, means]) => means.split(" ")[0]))].sort()).toEqual(
      [...stringForms].sort(),
    );
  });
});

describe("H4: the psql string of the portal", () => {
  test("is read with its root as a file to choose, and its password as a placeholder", () => {
    const read = parseConnectionString(
      'psql "sslmode=verify-full sslrootcert=DigiCertGlobalRootCA.crt.pem host=c.shop.postgres.database.azure.com dbname=citus user=citus password={your_password}"',
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        values: { mode: "verify-full", trust: "own", database: "citus", user: "citus" },
        paths: [{ name: "sslrootcert", value: "DigiCertGlobalRootCA.crt.pem" }],
        notes: [{ id: "placeholder-password" }],
      },
    });
    expect(read.ok && read.value).not.toHaveProperty("password");
  });
});

describe("what cannot be taken is refused with its code", () => {
  test.each([
    ["", "string-malformed", { reason: "empty" }],
    ["```\n\n```", "string-malformed", { reason: "empty" }],
    ["mysql://u:geheim@h/d", "string-unknown-form", { looksLike: "other-scheme" }],
    ["jdbc:mysql://h/d?user=u&password=geheim", "string-unknown-form", { looksLike: "other-scheme" }],
    ["just some words, geheim", "string-unknown-form", { looksLike: "prose" }],
    ["1.2.3", "string-unknown-form", { looksLike: "prose" }],
    ["geheim", "string-unknown-form", { looksLike: "prose" }],
    ["eyJh_bGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2ln_bmF0dXJl", "string-unknown-form", { looksLike: "prose" }],
    ["name=value secret=geheim", "string-unknown-form", {}],
    ["NODE_ENV=production\nSECRET_KEY=geheim", "string-unknown-form", {}],
    ['pgx.Connect(ctx, os.Getenv("DATABASE_URL"))', "string-unknown-form", {}],
    [
      "host=h sslmode=verify_full",
      "string-sslmode-unknown",
      { value: "verify_full", nearest: "verify-full" },
    ],
    ["postgres://u:geheim@h/d?sslmode=off", "string-sslmode-unknown", { value: "off", nearest: "disable" }],
    ["jdbc:postgresql://h/d?sslmode=geheim", "string-sslmode-unknown", {}],
    ["postgres://u:ge@heim@h/d", "string-malformed", { reason: "password-unescaped" }],
    ["host=h user=u password='geheim", "string-malformed", { reason: "quote-open" }],
    ['Host=h;Username=u;Password="geheim', "string-malformed", { reason: "quote-open" }],
    ["Host=h;Username=u;geheim;Database=d", "string-malformed", { reason: "no-equals" }],
    ["jdbc:postgresql://h:54x2/d?password=geheim", "string-malformed", { reason: "port" }],
    [
      "development:\n  host: h\n  user: u\n  password: !vault geheim",
      "yaml-unread",
      { reason: "tag", line: 4 },
    ],
    ["kind: Secret\nstringData:\n  uri: {{ geheim }}", "yaml-unread", { reason: "template", line: 3 }],
    ["development:\n  host: *h\n  user: u\n  password: geheim", "yaml-unread", { reason: "alias", line: 2 }],
    ["host=h sslrootcert=system sslmode=require", "trust-weak-mode", { mode: "require" }],
    ["Host=h x;Username=u;Password=geheim", "setting-invalid", { parameter: "host" }],
  ])("%s", (text, code, facts) => {
    const read = parseConnectionString(text);
    expect(read.ok ? read.value : read.problem).toMatchObject({ code, facts });
    expect(JSON.stringify(read)).not.toContain("heim");
  });
});

describe("several connections in one paste", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "a .env with three URLs",
      "A_URL=postgres://a:x@one.example.com/d\nB_URL=postgres://b:y@two.example.com/d?sslmode=require\nDB_HOST=three.example.com\nDB_USER=c\nDB_NAME=d",
      ["A_URL a@one.example.com", "B_URL b@two.example.com", "DB c@three.example.com"],
    ],
    [
      "a service file",
      "[shop]\nhost=one.example.com\nuser=a\n\n; spare\n[spare]\nhost=two.example.com\nuser=b",
      ["shop a@one.example.com", "spare b@two.example.com"],
    ],
    [
      "a .pgpass",
      "one.example.com:5432:*:a:x\n# two\ntwo.example.com:5432:d:b:y",
      ["a@one.example.com a@one.example.com", "b@two.example.com b@two.example.com"],
    ],
    [
      "servers.json",
      '{"Servers":{"1":{"Name":"One","Host":"one.example.com","Username":"a"},"2":{"Name":"Two","Host":"two.example.com","Username":"b"}}}',
      ["One a@one.example.com", "Two b@two.example.com"],
    ],
    [
      "data-sources.json, less what is not PostgreSQL",
      '{"connections":{"a":{"provider":"postgresql","name":"One","configuration":{"host":"one.example.com","user":"a"}},"m":{"provider":"mysql","name":"My","configuration":{"host":"my.example.com"}},"b":{"provider":"postgresql","name":"Two","configuration":{"host":"two.example.com","user":"b"}}}}',
      ["One a@one.example.com", "Two b@two.example.com"],
    ],
    [
      "two documents of YAML",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: one\nstringData:\n  PGHOST: one.example.com\n  PGUSER: a\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: two\nstringData:\n  PGHOST: two.example.com\n  PGUSER: b\n",
      ["one a@one.example.com", "two b@two.example.com"],
    ],
    [
      "a URL on each line",
      "postgres://a@one.example.com/d\n\npostgres://b@two.example.com/d\n",
      [" a@one.example.com", " b@two.example.com"],
    ],
    [
      "Django's databases",
      "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'one.example.com', 'USER': 'a'}, 'replica': {'ENGINE': 'django.db.backends.postgresql', 'HOST': 'two.example.com', 'USER': 'b'}, 'old': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'my.example.com'}}",
      ["default a@one.example.com", "replica b@two.example.com"],
    ],
    [
      "Rails' database.yml",
      "development:\n  adapter: postgresql\n  host: one.example.com\n  username: a\n  database: d\nproduction:\n  adapter: postgresql\n  host: two.example.com\n  username: b\n  database: d\n",
      ["development a@one.example.com", "production b@two.example.com"],
    ],
    [
      "Rails' own database.yml, with an anchor and merge keys",
      "default: &default\n  adapter: postgresql\n  host: one.example.com\n\ndevelopment:\n  <<: *default\n  username: a\n  database: d\nproduction:\n  <<: *default\n  host: two.example.com\n  username: b\n  database: d\n",
      ["development a@one.example.com", "production b@two.example.com"],
    ],
    [
      "an alias for a host, in two documents",
      "x: &h one.example.com\nPGHOST: *h\nPGUSER: a\n---\nDB_HOST: two.example.com\nDB_USER: b\nDB_NAME: d\n",
      [" a@one.example.com", "DB b@two.example.com"],
    ],
    [
      "Compose, its environments as a list and as a map",
      "services:\n  a:\n    environment:\n      - PGHOST=one.example.com\n      - PGUSER=a\n  b:\n    environment: {PGHOST: two.example.com, PGUSER: b}\n",
      ["services.a.environment a@one.example.com", "services.b.environment b@two.example.com"],
    ],
  ])("%s", (_, text, expected) => {
    const found = readConnections(text);
    expect(found.ok && found.value.map(brief)).toEqual(expected);
    const first = parseConnectionString(text);
    expect(first.ok && first.value.notes[0]).toEqual({
      id: "several-connections",
      facts: { count: String(expected.length) },
    });
  });

  test("one that cannot be read does not hide the others", () => {
    const found = readConnections(
      "A_URL=postgres://a:p@ss@one.example.com/d\nB_URL=postgres://b@two.example.com/d",
    );
    expect(found.ok && found.value.map(brief)).toEqual(["A_URL string-malformed", "B_URL b@two.example.com"]);
    expect(JSON.stringify(found)).not.toContain("ss@one");
  });

  test("the same server under several names is one connection", () => {
    const found = readConnections(
      "DATABASE_URL=postgres://a:x@one.example.com:5432/d\nPGHOST=one.example.com\nPGUSER=a\nPGDATABASE=d",
    );
    expect(found.ok && found.value.map(brief)).toEqual(["DATABASE_URL a@one.example.com"]);
  });
});

function brief({ name, read }: ReadConnection): string {
  return `${name} ${read.ok ? `${read.value.values.user ?? ""}@${read.value.values.host ?? ""}` : read.problem.code}`;
}

describe("whatever is pasted", () => {
  const secret = "Zq7xZq7xZq7x";
  /** Every text of the corpus that has a password, with one that cannot be mistaken. */
  const withSecret = Object.values(corpus)
    .flat()
    .map(([text]) => text)
    .filter((text) => text.includes("s3cret") && !text.includes("czNjcmV0"))
    .map((text) => text.replaceAll("s3cret", secret));

  test("a password in its place is found nowhere but in `password`", () => {
    expect(withSecret.length).toBeGreaterThan(120);
    for (const text of withSecret) {
      const read = parseConnectionString(text);
      if (!read.ok) throw new Error(text);
      const { password, ...rest } = read.value;
      expect(password, text).toBe(secret);
      expect(JSON.stringify(rest), text).not.toContain("Zq7");
    }
  });

  test("a text that was damaged shows no password in a problem, a note, an unknown parameter or a path", () => {
    const damage = fc.oneof(
      fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), length: fc.integer({ min: 1, max: 3 }) }),
      fc.record({
        kind: fc.constant("put" as const),
        at: fc.nat(),
        text: fc.constantFrom(..."'\"`;:,=&?@/\\ \n{}[]()%$#|^<>".split(""), "ssl", "=x"),
      }),
      fc.record({ kind: fc.constant("end" as const), at: fc.nat() }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...withSecret),
        fc.array(damage, { minLength: 1, maxLength: 2 }),
        (text, damages) => {
          // The password itself stays whole: half of one is another password.
          const [before = "", ...after] = text.split(secret);
          let head = before;
          let tail = after.join(secret);
          for (const one of damages) {
            const place = one.at % (head.length + tail.length + 1);
            const inHead = place < head.length;
            const part = inHead ? head : tail;
            const at = inHead ? place : Math.min(place - head.length, tail.length);
            const made =
              one.kind === "cut"
                ? part.slice(0, at) + part.slice(at + one.length)
                : one.kind === "put"
                  ? part.slice(0, at) + one.text + part.slice(at)
                  : inHead
                    ? part.slice(at)
                    : part.slice(0, at);
            if (inHead) head = made;
            else tail = made;
          }
          const found = readConnections(head + secret + tail);
          if (!found.ok) {
            expect(JSON.stringify(found.problem)).not.toContain("Zq7");
            return;
          }
          for (const { read } of found.value) {
            const shown = read.ok
              ? [read.value.notes, read.value.unknown, read.value.paths, read.value.unsupported]
              : read.problem;
            expect(JSON.stringify(shown)).not.toContain("Zq7");
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("it never throws", () => {
    const pieces = Object.values(corpus)
      .flat()
      .flatMap(([text]) => text.split(/(?<=[\s;:,=&?@(){}'"])/));
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })), { maxLength: 30 }),
        (parts) => {
          const text = parts.join("");
          const read = readConnections(text);
          expect(read.ok ? read.value.length : read.problem.code).toBeTruthy();
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("what is too long is refused, whatever it is", () => {
    expect(readConnections("x".repeat(1_048_577))).toMatchObject({
      problem: { facts: { reason: "too-long" } },
    });
    expect(readConnections(`postgres://h/${"d".repeat(70_000)}`)).toMatchObject({
      problem: { facts: { reason: "too-long" } },
    });
  });

  test("no more than two hundred are taken at once", () => {
    const lines = Array.from({ length: 500 }, (_, index) => `[s${index}]\nhost=h${index}.example.com`);
    const found = readConnections(lines.join("\n"));
    expect(found.ok && found.value.length).toBe(200);
  });
});
