// `npm run conformance`: the matrix of matrix.ts, through the product's connect path and through libpq 18.
// `-- --record` writes libpq's verdicts down, `-- --recorded` uses them, `-- --verbose` shows every difference,
// `-- --only=text` takes the groups with that text in their name, `-- --seed=1 --generate=500` makes other rows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// An empty home, and no variable that libpq reads: what is compared is what the strings say.
const home = mkdtempSync(join(tmpdir(), "cloak-db-conformance-"));
const kept = Object.entries(process.env).filter(
  ([name]) => !/^(PG|SSL_CERT_|NODE_TLS|NODE_EXTRA|CLOAK)/.test(name),
);
try {
  const { status } = spawnSync(
    process.execPath,
    [
      "--conditions=react-server",
      "--import",
      "tsx",
      join(import.meta.dirname, "main.ts"),
      ...process.argv.slice(2),
    ],
    {
      stdio: "inherit",
      env: { ...Object.fromEntries(kept), HOME: home, SSL_CERT_FILE: join(home, "system.crt") },
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
