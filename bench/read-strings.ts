import { readConnections } from "#lib/strings/read/read-connections.ts";

/**
 * How long a megabyte keeps the reader of connection strings busy. Nothing that can be pasted may freeze the page: 50 ms
 * is the limit for junk, 150 ms for files that are read to their end.
 */
const size = 1_000_000;
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

/** As pgAdmin exports it. */
const server = (n: number) => ({
  Name: `Server ${n}`,
  Group: "Servers",
  Host: `db${n}.example.com`,
  Port: 5432,
  MaintenanceDB: "postgres",
  Username: "app",
  UseSSHTunnel: 0,
  TunnelPort: "22",
  TunnelAuthentication: 0,
  KerberosAuthentication: false,
  ConnectionParameters: { sslmode: "verify-full", connect_timeout: 10, sslrootcert: "/etc/ssl/certs/ca.pem" },
});

const junk: Readonly<Record<string, string>> = {
  letters: fill("a"),
  blanks: fill(" "),
  "blanks behind a letter": `a${fill(" ")}`,
  lines: fill("\n"),
  equals: fill("="),
  pairs: fill("a=b "),
  "pairs, semicolons": fill("Host=h;"),
  quotes: fill(`"'\``),
  backslashes: fill("\\"),
  "open braces": fill("{"),
  "open brackets": fill("["),
  parentheses: fill("("),
  "JSON, deep": `${fill('{"a":')}`,
  "JSON, 3,000 servers": JSON.stringify({
    Servers: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [n, server(n)])),
  }),
  "a URL": `postgres://${fill("x")}`,
  "many URLs": fill("postgres://u:p@h/d?a=b\n"),
  "a .env": fill("A_URL=postgres://u:p@h/d\n"),
  "a .env of hosts": Array.from({ length: 40_000 }, (_, n) => `DB${n}_HOST=h${n}\nDB${n}_USER=u`)
    .join("\n")
    .slice(0, size),
  "a service file": fill("[s]\nhost=h\nuser=u\n"),
  "a .pgpass": fill("h:5432:d:u:p\n"),
  YAML: `kind: Secret\ndata:\n${Array.from({ length: 90_000 }, (_, n) => `  a${n}: b`)
    .join("\n")
    .slice(0, size)}`,
  "YAML, aliases": `kind: Secret\na0: &a0 [x, x]\n${Array.from(
    { length: 20_000 },
    (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}, *a${n}]`,
  )
    .join("\n")
    .slice(0, size)}`,
  "YAML, long text": `kind: Secret\na: |\n${fill("  b\n")}`,
  "YAML, deep": `kind: Secret\n${Array.from({ length: 1400 }, (_, n) => `${" ".repeat(n)}a:`)
    .join("\n")
    .slice(0, size)}`,
  "YAML, one line": `kind: Secret\na${fill(" ")}`,
  commands: fill("psql -h h; "),
  calls: fill("psycopg.connect("),
  colons: fill(":"),
  sections: fill("[a]"),
  prose: fill("the quick brown fox = jumps: over the lazy dog. "),
};

const files: ReadonlySet<string> = new Set(
  "JSON, 3,000 servers;many URLs;a .env;a .env of hosts;a service file;a .pgpass;YAML;YAML, long text".split(
    ";",
  ),
);

let slowest = 0;
for (const [name, text] of Object.entries(junk)) {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    readConnections(text);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  const median = times[2] ?? 0;
  const isFile = files.has(name);
  slowest = Math.max(slowest, isFile ? median / 3 : median);
  console.log(`${name.padEnd(26)} ${median.toFixed(1).padStart(7)} ms`);
}
console.log(`slowest ${slowest.toFixed(1)} ms, files counting a third; limit 50 ms`);
if (slowest > 50) process.exitCode = 1;
