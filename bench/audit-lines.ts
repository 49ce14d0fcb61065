/**
 * What a line of the audit log costs: alone, and with 50 that wait at the same time. Floor: bytes of the same length
 * appended to a file and synced, by this same process.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileStore } from "#lib/stores/file/file-store.ts";
import { keySource } from "#lib/stores/file/key-source.ts";
import { audit } from "#lib/team/audit.ts";
import { openVault } from "#lib/vault/open-vault.ts";

const folder = mkdtempSync(join(tmpdir(), "cloak-bench-"));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<void> {
  const [configDir, stateDir] = [join(folder, "config"), join(folder, "state")];
  for (const made of [configDir, stateDir]) mkdirSync(made, { mode: 0o700 });
  const store = fileStore({ configDir, stateDir });
  const claimed = await store.claim();
  if (!claimed.ok) throw new Error(claimed.problem.code);
  const vault = await openVault(store, keySource({ from: "generated", path: join(stateDir, "vault.key") }));
  if (!vault.ok) throw new Error(vault.problem.code);
  const log = audit(vault.value);
  const subject = { actor: "u1", sessionId: "s", source: "192.0.2.7" };
  const line = async () => {
    const noted = await log.note(subject, {
      action: "connection-open",
      object: "c1",
      target: "db.test:5432",
    });
    if (!noted.ok) throw new Error(noted.problem.code);
  };
  const file = await open(join(folder, "floor"), "a");
  const bytes = Buffer.alloc(330, "x");
  const floor = async () => {
    await file.write(bytes);
    await file.sync();
  };

  for (let warm = 0; warm < 50; warm += 1) await line();
  // With a pause before each, as people make them; then as fast as it goes.
  const [floorMs, lineMs] = [await timesOf(300, floor, 3), await timesOf(300, line, 3)];
  const inRow = await timesOf(300, line);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const lanes = await Promise.all(Array.from({ length: 50 }, () => timesOf(40, line)));
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  await file.close();
  claimed.value.release();

  const together = lanes.flat();
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  console.log(`append and sync, floor   p50 ${at(floorMs, 0.5)} ms, p95 ${at(floorMs, 0.95)} ms`);
  console.log(`a line alone             p50 ${at(lineMs, 0.5)} ms, p95 ${at(lineMs, 0.95)} ms`);
  console.log(`one after the other      p50 ${at(inRow, 0.5)} ms, p95 ${at(inRow, 0.95)} ms`);
  console.log(
    `50 at once               ${Math.round(together.length / seconds)} lines/s, p50 ${at(together, 0.5)} ms, p99 ${at(together, 0.99)} ms`,
  );
  console.log(`event loop held by these p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`);
}

async function timesOf(count: number, work: () => Promise<void>, pause = 0): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < count; done += 1) {
    if (pause > 0) await sleep(pause);
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

function at(times: readonly number[], part: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(2);
}
