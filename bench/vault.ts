// What keeping costs as it grows: opening the vault, listing, and saving one connection of many, with the longest time
// that others wait meanwhile. The floor is writing and syncing a file of the same size.
// Run: npm run bench -- vault
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { readEnvironment } from "#lib/env.ts";
import { newDraft, type ProfileDraft } from "#lib/profiles/profile.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { Secret } from "#lib/secret.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { median } from "./support/scratch-console.mjs";

const rounds = 7;
const ca = (await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" })).pem;
const client = (await makeCertificate({ commonNames: ["bench"], key: "rsa-2048" })).pem;

for (const [count, withCertificates] of [
  [100, true],
  [1_000, true],
  [4_000, false],
  [10_000, false],
] as const) {
  const folder = mkdtempSync(join(tmpdir(), "cloak-db-bench-"));
  try {
    await measure(folder, count, withCertificates);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, count: number, withCertificates: boolean): Promise<void> {
  const first = await opened(folder);
  const drafts = Array.from({ length: count }, (_, index) => draft(`connection ${index}`, withCertificates));
  const made = await first.profiles.createAll(drafts);
  if (!made.ok) throw new Error(JSON.stringify(made.problem));
  const again = await watched(() => opened(folder));
  const kept = again.value;
  const listed = await watched(() => kept.profiles.list());
  const listedAgain = await watched(() => kept.profiles.list());
  const saves = [];
  const one = made.value[Math.floor(count / 2)];
  if (one === undefined) throw new Error("nothing was made");
  for (let round = 0; round < rounds; round += 1) {
    saves.push(
      await watched(() =>
        kept.profiles.update(one.id, one.rev + round, draft(`renamed ${round}`, withCertificates), {}),
      ),
    );
  }
  for (const save of saves) if (!save.value.ok) throw new Error(JSON.stringify(save.value.problem));
  const path = join(folder, "config", "config.json");
  const { size } = statSync(path);
  const floor = await watched(() => written(join(folder, "floor"), Buffer.alloc(size, 97)));
  console.log(
    [
      `${count} connections${withCertificates ? " with certificates" : ""}, ${(size / 1e6).toFixed(1)} MB:`,
      `open ${told(again)}`,
      `list ${told(listed)}, again ${listedAgain.ms.toFixed(1)} ms`,
      `save ${median(saves.map(({ ms }) => ms)).toFixed(0)} ms, others wait ${median(saves.map(({ held }) => held)).toFixed(0)} ms`,
      `write and sync alone ${floor.ms.toFixed(0)} ms`,
    ].join("\n  "),
  );
}

async function opened(folder: string): Promise<Workspace> {
  const env = readEnvironment({
    NODE_ENV: "production",
    CLOAK_DB_CONFIG_DIR: join(folder, "config"),
    CLOAK_DB_STATE_DIR: join(folder, "state"),
  });
  if (!env.ok) throw new Error(env.problem.code);
  const workspace = await openWorkspace(env.value);
  if (!workspace.ok) throw new Error(JSON.stringify(workspace.problem));
  return workspace.value;
}

async function written(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, "w");
  await handle.writeFile(bytes);
  await handle.sync();
  await handle.close();
}

interface Watched<T> {
  readonly value: T;
  readonly ms: number;
  /** The longest that the event loop was held, ms. */
  readonly held: number;
}

async function watched<T>(work: () => Promise<T>): Promise<Watched<T>> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const value = await work();
  const ms = performance.now() - begun;
  // What held the loop last is seen only when it turns again.
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { value, ms, held: delay.max / 1e6 };
}

function told({ ms, held }: Watched<unknown>): string {
  return `${ms.toFixed(0)} ms, others wait ${held.toFixed(0)} ms`;
}

function draft(name: string, withCertificates: boolean): ProfileDraft {
  return {
    ...newDraft(),
    name,
    host: "db.example.com",
    port: 5432,
    database: "shop",
    user: "app",
    tls: {
      ...newDraft().tls,
      trust: withCertificates ? "own" : "system",
      ...(withCertificates ? { ca, clientCertificate: client } : {}),
    },
    connectTimeoutMs: 10_000,
    secrets: { password: new Secret("a password of the bench") },
  };
}
