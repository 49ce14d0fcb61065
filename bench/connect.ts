// Test connection against a bare pg client doing the same TLS connect and one query, in turns in the same run, with
// psql beside them. The ratio is what counts. Goal: 1.3 for the same trust; the whole system store as fast as one CA.
// Run: node --conditions=react-server --import tsx bench/connect.ts [rounds]
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import pg from "pg";
import { testConnection } from "#lib/postgres/connect.ts";
import type { ProfileDraft } from "#lib/profiles/profile.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { systemStore } from "#lib/trust/system-store.ts";

const goal = 1.3;
const rounds = Number(process.argv[2] ?? 200);
const password = "secret";
const root = await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" });
const leaf = await makeCertificate({ dns: ["localhost"], issuer: root, key: "rsa-2048" });
const folder = mkdtempSync(join(tmpdir(), "cloak-db-bench-"));
const rootFile = join(folder, "root.pem");
writeFileSync(rootFile, root.pem);
// A system store with our root at its end.
const system = await systemStore();
const storeFile = join(folder, "store.pem");
writeFileSync(storeFile, [...(system.ok ? system.value.pems : []), root.pem].join("\n"));

const server = await startPostgres({ certificate: leaf, users: [{ name: "app", password }] });
try {
  for (const [label, hba] of [
    ["trust", "host all all all trust"],
    ["SCRAM", "host all all all scram-sha-256"],
  ] as const) {
    await server.writeHba([hba]);
    await compare(label);
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function compare(label: string): Promise<void> {
  const ways = {
    "bare pg": barePg,
    "test connection": () => tested("own"),
    "test connection, system store": () => tested("system"),
    psql,
  };
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = -20; round < rounds; round += 1) {
    for (const [name, way] of Object.entries(ways)) {
      // psql is only there to compare with: a tenth of the rounds is enough.
      if (name === "psql" && round % 10 !== 0) continue;
      const start = performance.now();
      await way();
      if (round >= 0) times[name]?.push(performance.now() - start);
    }
  }
  const bare = times["bare pg"] ?? [];
  console.log(`\nTLS 1.3, verify-full, ${label}, ${rounds} rounds, Node ${process.versions.node}`);
  for (const [name, all] of Object.entries(times)) {
    // Each against the bare client of its own round: what else the machine does meets both.
    const step = Math.round(bare.length / all.length) || 1;
    const ratio = median(all.map((time, index) => time / (bare[index * step] ?? Number.NaN)));
    const isOver = name.startsWith("test") && ratio > goal;
    if (isOver) process.exitCode = 1;
    const note = name.startsWith("test") ? `   goal ${goal}${isOver ? ", missed" : ""}` : "";
    console.log(`  ${name.padEnd(30)} ${median(all).toFixed(2)} ms   x ${ratio.toFixed(2)}${note}`);
  }
}

async function barePg(): Promise<void> {
  const client = new pg.Client({
    ...{ host: "localhost", port: server.port, user: "app", database: "postgres", password },
    ssl: { rejectUnauthorized: true, ca: root.pem },
    enableChannelBinding: true,
  });
  await client.connect();
  await client.query("select 1");
  await client.end();
}

async function tested(trust: "own" | "system"): Promise<void> {
  const report = await testConnection(profile(trust), { trustStore: { certFile: storeFile } });
  if (!report.ok) throw new Error(JSON.stringify(report.problem));
}

async function psql(): Promise<void> {
  const conninfo = `host=localhost port=${server.port} user=app dbname=postgres sslmode=verify-full sslrootcert=${rootFile}`;
  try {
    await promisify(execFile)("psql", ["-XAtw", "-d", conninfo, "-c", "select 1"], {
      env: { ...process.env, PGPASSWORD: password },
    });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
}

function profile(trust: "own" | "system"): ProfileDraft {
  return {
    ...{ name: "bench", environment: "none", host: "localhost", port: server.port, database: "postgres" },
    ...{ user: "app", signIn: "password", connectTimeoutMs: 10_000, applicationName: "", options: "" },
    allowWeakPassword: false,
    secrets: { password: new Secret(password) },
    tls: {
      ...{ mode: "verify-full", trust, allowSelfSigned: false, minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
      ...{ negotiation: "postgres", channelBinding: "prefer", sni: true },
      ...(trust === "own" ? { ca: root.pem } : {}),
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
