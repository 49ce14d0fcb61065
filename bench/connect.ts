// Test connection against a bare pg client doing the same TLS connect and one query, in turns in the same run, with
// psql beside them. The ratio is what counts. Goals: 1.3 of the bare client; 1.1 of the same connect and the same
// questions to the server without a look at anything on the way; and the whole system store 1.3 of one CA.
// Run: node --conditions=react-server --import tsx bench/connect.ts [rounds]
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import tls from "node:tls";
import { promisify } from "node:util";
import pg from "pg";
import { testConnection } from "#lib/connect/connect.ts";
import { serverReport } from "#lib/connect/server-report.ts";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { startPostgres } from "#lib/samples/postgres-server.ts";
import { Secret } from "#lib/secret.ts";
import { systemStore } from "#lib/trust/system-store.ts";

/** What each way is measured against, and how far it may be from it. */
const goals = [
  ["test connection", "bare pg", 1.3],
  ["test connection", "without the look", 1.1],
  ["test connection, system store", "test connection", 1.3],
] as const;
const rounds = Number(process.argv[2] ?? 200);
const password = "secret";
const root = await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" });
const leaf = await makeCertificate({ dns: ["localhost"], issuer: root, key: "rsa-2048" });
const context = tls.createSecureContext({ ca: root.pem });
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
    "without the look": withoutLook,
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
  console.log(`\nTLS 1.3, verify-full, ${label}, ${rounds} rounds, Node ${process.versions.node}`);
  for (const [name, all] of Object.entries(times))
    console.log(`  ${name.padEnd(30)} ${median(all).toFixed(2)} ms`);
  for (const [name, peer, goal] of goals) {
    // Each against the peer of its own round: what else the machine does meets both.
    const ratio = median((times[name] ?? []).map((time, n) => time / (times[peer]?.[n] ?? Number.NaN)));
    if (ratio > goal) process.exitCode = 1;
    console.log(`  ${name} : ${peer} = ${ratio.toFixed(2)}   goal ${goal}${ratio > goal ? ", missed" : ""}`);
  }
}

async function barePg(): Promise<void> {
  const client = new pg.Client({
    host: "localhost",
    port: server.port,
    user: "app",
    database: "postgres",
    password,
    ssl: { rejectUnauthorized: true, ca: root.pem },
    enableChannelBinding: true,
  });
  await client.connect();
  await client.query("select 1");
  await client.end();
}

/** The same dialling, the same handshake and the same questions, with nothing looked at on the way. */
async function withoutLook(): Promise<void> {
  const raw = net.connect({ host: "localhost", port: server.port, noDelay: true });
  await once(raw, "connect");
  raw.write(Buffer.from("0000000804d2162f", "hex"));
  await once(raw, "data");
  const socket = tls.connect({
    socket: raw,
    secureContext: context,
    servername: "localhost",
    rejectUnauthorized: true,
    ALPNProtocols: ["postgresql"],
  });
  await once(socket, "secureConnect");
  const stream = Object.assign(socket, {
    connect() {
      process.nextTick(() => socket.emit("connect"));
      return socket;
    },
  });
  const client = new pg.Client({
    user: "app",
    database: "postgres",
    password,
    ssl: false,
    enableChannelBinding: true,
    stream: () => stream,
  });
  await client.connect();
  await serverReport(client, new Map([["server_version", "18.4"]]), {
    user: "app",
    database: "postgres",
    pid: 0,
  });
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
    ...newDraft(),
    name: "bench",
    host: "localhost",
    port: server.port,
    database: "postgres",
    user: "app",
    connectTimeoutMs: 10_000,
    secrets: { password: new Secret(password) },
    tls: {
      ...newDraft().tls,
      trust,
      ...(trust === "own" ? { ca: root.pem } : {}),
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
