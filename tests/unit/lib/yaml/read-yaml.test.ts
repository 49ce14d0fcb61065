import { describe, expect, test } from "vitest";
import { readYaml } from "#lib/yaml/read-yaml.ts";
import type { Tree } from "#lib/yaml/tree.ts";

/** What a text holds, in plain objects. */
type Plain = string | null | readonly Plain[] | { readonly [name: string]: Plain };

function plain(tree: Tree): Plain {
  if (tree instanceof Map) return Object.fromEntries([...tree].map(([name, value]) => [name, plain(value)]));
  return Array.isArray(tree) ? (tree as readonly Tree[]).map(plain) : (tree as string | null);
}

function read(text: string): unknown {
  const found = readYaml(text);
  return found.ok ? found.value.map(plain) : found.problem.facts;
}

describe("YAML 1.2", () => {
  test.each<[string, Plain]>([
    // Block collections.
    ["a: b", { a: "b" }],
    ["a: b\n\n\nc: d\n", { a: "b", c: "d" }],
    ["a : b", { a: "b" }],
    ["a:\tb", { a: "b" }],
    ["a:b", "a:b"],
    ["a: b:c\nd::e: f", { a: "b:c", "d::e": "f" }],
    ["key with words: v\n'it''s': w\n\"x\\ty\": z", { "key with words": "v", "it's": "w", "x\ty": "z" }],
    ["a:\n- x\n- y\nb: z", { a: ["x", "y"], b: "z" }],
    ["a:\n  - x\n  -\n    b: 1", { a: ["x", { b: "1" }] }],
    ["- a\n- b: 1\n  c: 2\n- - x\n  - y", ["a", { b: "1", c: "2" }, ["x", "y"]]],
    ["-\n- ", [null, null]],
    ["a: -1\nb: -x\nc: ?y\nd: :z", { a: "-1", b: "-x", c: "?y", d: ":z" }],
    // Nothing, and words for it.
    ["a: ~\nb: null\nc:\nd: ''\ne: \"null\"", { a: null, b: null, c: null, d: "", e: "null" }],
    ["a: 010\nb: 1.10\nc: yes\nd: true", { a: "010", b: "1.10", c: "yes", d: "true" }],
    // Comments.
    ["# head\na: b # c\nd: e#f\ng: # h\n  i", { a: "b", d: "e#f", g: "i" }],
    ["a: http://x/y#z", { a: "http://x/y#z" }],
    // Plain texts over lines.
    ["a: x\n  y\n\n  z\nb: c", { a: "x y\nz", b: "c" }],
    ["x\ny", "x y"],
    // Quoted texts.
    ["a: 'it''s # no: comment'", { a: "it's # no: comment" }],
    ['a: "\\x41\\u00e9\\U0001F600\\t\\/\\\\\\"\\0\\N\\_"', { a: 'Aé😀\t/\\"\0\u0085\u00a0' }],
    ['a: "x\n  y\n\n  z"', { a: "x y\nz" }],
    ['a: "x \\\n   y\\\n   \\ z"', { a: "x y z" }],
    ["a: 'x \n  y'", { a: "x y" }],
    ['a: ""\nb: " "', { a: "", b: " " }],
    // Block texts.
    ["a: |\n  x\n   y\n\n  z\n\n\nb: c", { a: "x\n y\n\nz\n", b: "c" }],
    ["a: |-\n  x\n\n", { a: "x" }],
    ["a: |+\n  x\n\n\nb: c", { a: "x\n\n\n", b: "c" }],
    ["a: >\n  f\n  g\n\n  h\n    more\n  i\n", { a: "f g\nh\n  more\ni\n" }],
    ["a: >-\n\n  x\n  y\n", { a: "\nx y" }],
    ["a: |2\n   x\n  y\n", { a: " x\ny\n" }],
    ["a: |1-\n  x", { a: " x" }],
    ["a: >+1 # said\n  x\n", { a: " x\n" }],
    ["a: |\n  x\n # outside\nb: c", { a: "x\n", b: "c" }],
    ["a: |\n  # inside\n  b: c\n", { a: "# inside\nb: c\n" }],
    ["a: |\nb: c", { a: "", b: "c" }],
    ["- |\n x\n- >\n y\n", ["x\n", "y\n"]],
    // Collections in brackets.
    ["a: [1, {b: c}, d: e, ]", { a: ["1", { b: "c" }, { d: "e" }] }],
    ['{a: b, "c":d, e: , f}', { a: "b", c: "d", e: null, f: null }],
    ["a: [\n  x, # one\n  y\n]", { a: ["x", "y"] }],
    ["a: {\n  b: c\n}\nd: []\ne: {}", { a: { b: "c" }, d: [], e: {} }],
    ["a: {url: postgres://h/d, b: x\n  y}", { a: { url: "postgres://h/d", b: "x y" } }],
    ["[a, [b, 'c, d'], \"e]\"]", ["a", ["b", "c, d"], "e]"]],
    // Anchors and aliases.
    ["h: &h db.example.com\nhost: *h", { h: "db.example.com", host: "db.example.com" }],
    ["a: &x\n  b: 1\nc: *x\nd: [*x , *x]", { a: { b: "1" }, c: { b: "1" }, d: [{ b: "1" }, { b: "1" }] }],
    ["&k a: *k", { a: "a" }],
    ["&k a: 1\nb: *k", { a: "1", b: "a" }],
    ["a: &x 1\nb: *x\nc: &x 2\nd: *x", { a: "1", b: "1", c: "2", d: "2" }],
    ["a: &x\nb: *x", { a: null, b: null }],
    // Merge keys (https://yaml.org/type/merge.html).
    ["<<: {a: 1, b: 2}\nb: 3", { a: "1", b: "3" }],
    ["b: 3\n<<: {a: 1, b: 2}", { a: "1", b: "3" }],
    ["<<: [{a: 1}, {a: 2, c: 3}]", { a: "1", c: "3" }],
    ["d: &d {p: x}\ne:\n  <<: *d\n  p: ~", { d: { p: "x" }, e: { p: null } }],
    ["'<<': a", { "<<": "a" }],
    // YAML's own tags say what the text says.
    ["a: !!str 1\nb: !!str\nc: ! ~\nd: !!map\n  e: f", { a: "1", b: "", c: "~", d: { e: "f" } }],
    // Lines as other systems end them.
    ["\uFEFFa: b\r\nc: |\r\n  x\r\n", { a: "b", c: "x\n" }],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });

  test.each<[string, readonly Plain[]]>([
    ["", []],
    ["# nothing\n", []],
    ["---\n", [null]],
    ["--- a\n--- |\n x\n...\n--- {a: b} # c\n", ["a", "x\n", { a: "b" }]],
    ["%YAML 1.2 # said\n---\na: b\n...\n", [{ a: "b" }]],
    ["a: b\n---\n# c\nd: e\n", [{ a: "b" }, { d: "e" }]],
  ])("documents: %j", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe("files as they are in the world", () => {
  test("Rails' database.yml", () => {
    expect(
      read(`# PostgreSQL. Versions 9.5 and up are supported.
default: &default
  adapter: postgresql
  encoding: unicode
  # For details on connection pooling, see Rails configuration guide
  max_connections: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>

development:
  <<: *default
  database: shop_development

production:
  primary: &primary_production
    <<: *default
    database: shop_production
    password: <%= ENV["SHOP_DATABASE_PASSWORD"] %>
  cache:
    <<: *primary_production
    database: shop_production_cache
    migrations_paths: db/cache_migrate
`),
    ).toEqual([
      {
        default: {
          adapter: "postgresql",
          encoding: "unicode",
          max_connections: '<%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>',
        },
        development: {
          adapter: "postgresql",
          encoding: "unicode",
          max_connections: '<%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>',
          database: "shop_development",
        },
        production: {
          primary: expect.objectContaining({ adapter: "postgresql", database: "shop_production" }),
          cache: expect.objectContaining({
            database: "shop_production_cache",
            password: '<%= ENV["SHOP_DATABASE_PASSWORD"] %>',
            migrations_paths: "db/cache_migrate",
          }),
        },
      },
    ]);
  });

  test("a Kubernetes Secret and a ConfigMap", () => {
    expect(
      read(`apiVersion: v1
kind: Secret
metadata:
  name: shop-db
  labels: {app: shop, "tier":db}
type: Opaque
stringData:
  uri: "postgres://app:pa%24s@db.example.com/shop"
  ca.crt: |
    -----BEGIN CERTIFICATE-----
    AAAA
    -----END CERTIFICATE-----
---
kind: ConfigMap
apiVersion: v1
data:
  PGHOST: db.example.com
  pg_hba.conf: |-
    # TYPE  DATABASE
    hostssl all all 0.0.0.0/0 scram-sha-256
`),
    ).toEqual([
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "shop-db", labels: { app: "shop", tier: "db" } },
        type: "Opaque",
        stringData: {
          uri: "postgres://app:pa%24s@db.example.com/shop",
          "ca.crt": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        },
      },
      {
        kind: "ConfigMap",
        apiVersion: "v1",
        data: {
          PGHOST: "db.example.com",
          "pg_hba.conf": "# TYPE  DATABASE\nhostssl all all 0.0.0.0/0 scram-sha-256",
        },
      },
    ]);
  });

  test("Compose, with an extension, a map and a list as environment", () => {
    expect(
      read(`x-db: &db-env
  POSTGRES_USER: app
  POSTGRES_PASSWORD: "p#1"
services:
  db:
    image: postgres:17
    environment:
      <<: *db-env
      POSTGRES_DB: shop
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U app"]
  web:
    command: >-
      node server.js
      --port 3000
    ports: ["3000:3000"]
    environment:
      - PGHOST=db
      - PGPASSWORD=p#1
`),
    ).toMatchObject([
      {
        services: {
          db: {
            environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "p#1", POSTGRES_DB: "shop" },
            healthcheck: { test: ["CMD-SHELL", "pg_isready -U app"] },
          },
          web: { command: "node server.js --port 3000", environment: ["PGHOST=db", "PGPASSWORD=p#1"] },
        },
      },
    ]);
  });

  test("Spring's application.yml, Symfony's doctrine.yaml, a Grafana data source", () => {
    expect(
      read(`spring:
  datasource:
    url: jdbc:postgresql://db.example.com:5432/shop?sslmode=verify-full
    username: app
    password: \${DB_PASSWORD:none}
  jpa.hibernate.ddl-auto: validate
---
doctrine:
    dbal:
        default_connection: default
        connections:
            default:
                url: '%env(resolve:DATABASE_URL)%'
when@test: &test
    doctrine: { dbal: { dbname_suffix: '_test%env(default::TEST_TOKEN)%' } }
when@prod: *test
---
apiVersion: 1
datasources:
  - name: Postgres
    type: postgres
    jsonData: {sslmode: 'verify-full', database: shop}
    secureJsonData:
      password: 'it''s'
`),
    ).toMatchObject([
      {
        spring: {
          datasource: {
            url: "jdbc:postgresql://db.example.com:5432/shop?sslmode=verify-full",
            password: `\${DB_PASSWORD:none}`,
          },
        },
      },
      {
        doctrine: { dbal: { connections: { default: { url: "%env(resolve:DATABASE_URL)%" } } } },
        "when@prod": { doctrine: { dbal: { dbname_suffix: "_test%env(default::TEST_TOKEN)%" } } },
      },
      { datasources: [{ jsonData: { sslmode: "verify-full" }, secureJsonData: { password: "it's" } }] },
    ]);
  });
});

describe("what is not read is refused by name, with its line", () => {
  test.each<[string, string, number]>([
    ["a: b\npassword: !vault |\n  6162", "tag", 2],
    ["a: [!Ref x]", "tag", 1],
    ["a: !<tag:example.com,2000:x> b", "tag", 1],
    ["%TAG ! tag:example.com,2000:\n---\na: b", "directive", 1],
    ["? a\n: b", "complex-key", 1],
    ["a: 1\n[b]: c", "complex-key", 2],
    ["a: {b: {c}: d}", "complex-key", 1],
    ["a: &x b\n*x : c", "complex-key", 2],
    ["a: 1\n: b", "complex-key", 2],
    ["host: {{ .Values.host }}", "template", 1],
    ["{{- if .Values.tls }}\na: b", "template", 1],
    ["a: 1\n<% if x %>\nb: 2", "template", 2],
    ["a: {% x %}", "template", 1],
    ["a: 1\n<<: b", "merge", 2],
    ["<<: [{a: b}, c]", "merge", 1],
    ["a: *nowhere", "alias", 1],
    ["a: &x [*x]", "alias", 1],
    ["a: 1\nb: 2\na: 3", "duplicate-key", 3],
    ["{a: 1, a: 2}", "duplicate-key", 1],
    ["a:\n\tb: c", "tab", 2],
    ["a:\n\tb", "tab", 2],
    ["a: |\n\tx", "tab", 2],
    ["-\ta: b", "tab", 1],
    ["a:\n  b: c\n d: e", "indentation", 3],
    ["a: b\n  c: d", "indentation", 2],
    ["a: b\n- c", "indentation", 2],
    ["- a\nb: c", "indentation", 2],
    ["a: - b", "indentation", 1],
    ["a: |\n    \n  x", "indentation", 3],
    ["a: b: c", "colon", 1],
    ["--- a: b", "colon", 1],
    ["a: 'b' : c", "colon", 1],
    ["[a\n b: c]", "colon", 2],
    ['a: "b\nc"', "quote-open", 1],
    ["a: 'b", "quote-open", 1],
    ["a: [b, c", "bracket-open", 1],
    ["a: [b}", "bracket-open", 1],
    ["a: {b: c,\nd: e}", "bracket-open", 1],
    ['a: "\\q"', "escape", 1],
    ['a: "\\uZZ12"', "escape", 1],
    ["a: @b", "sign", 1],
    ["a: 'b' c", "sign", 1],
    ["a: [b, , c]", "sign", 1],
    ["a: |x\n  b", "sign", 1],
    ["a: \u0007", "control", 1],
    [`${"- ".repeat(200)}a`, "depth", 1],
    [`a: ${"[".repeat(200)}`, "depth", 1],
  ])("%j: %s", (text, reason, line) => {
    expect(read(text)).toEqual({ reason, line });
  });
});

describe("bounds", () => {
  /** Each line stands for nine of the line before: 9^8 texts. */
  const laughs = Array.from(
    { length: 8 },
    (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(", ")}]`,
  ).join("\n");
  const half = (piece: string) => piece.repeat(Math.ceil(500_000 / piece.length));

  test.each<[string, string, string]>([
    ["a billion laughs", `a0: &a0 [lol]\n${laughs}`, "aliases-multiply"],
    ["a billion laughs of 500 kB", `a0: &a0 [lol]\n${laughs}\n${half("# ha\n")}`, "aliases-multiply"],
    ["a long text repeated", `a: &a ${"x".repeat(250_000)}\nb: [${half("*a , ")}]`, "aliases-multiply"],
    [
      "merges of merges",
      `a0: &a0 {x: y}\n${Array.from({ length: 9000 }, (_, n) => `a${n + 1}: &a${n + 1} {<<: *a${n}, k${n}: v}`).join("\n")}`,
      "aliases-multiply",
    ],
    ["entries without end", half("- a\n"), "too-large"],
    ["documents without end", half("---\n"), "too-large"],
    ["brackets", half("["), "depth"],
    ["braces", half("{a: "), "depth"],
    ["lists in lists", half("- "), "depth"],
    ["maps in maps", Array.from({ length: 900 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"), "depth"],
    ["a quote over many lines", `a: "${half(" \n ")}`, "quote-open"],
  ])("%s is refused", (_, text, reason) => {
    // Time that other programs on the machine take does not count; the first run compiles.
    const spent = Math.min(
      ...Array.from({ length: 3 }, () => {
        const before = process.cpuUsage();
        expect(read(text)).toMatchObject({ reason });
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1000;
      }),
    );
    // On a quiet machine it is below 50 ms (bench/read-strings.ts); a bomb that goes off takes seconds.
    expect(spent).toBeLessThan(400);
  });
});
