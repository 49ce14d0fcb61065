/**
 * `npm run test:crash`: what is kept, under every fault. Prints a table of counts; exit code 1 where one is not zero that
 * should be.
 *
 *   -- --only NAME    one part, or several: --only kills --only clocks
 *   -- --rounds N     how many rounds of what is done at random (1000)
 *   -- --seed N       the same chance again
 *   -- --short        what npm test does of it
 *   -- --act NAME     of kills, failing-calls and power-loss one act alone
 *   -- --store NAME   on another store than files
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { acts } from "./acts.ts";
import { parts } from "./parts.ts";
import { type StoreKind, type StoreName, storeKinds } from "./stores.ts";
import { type Part, shortSize, Trial, type TrialSettings, wholeSize } from "./trial.ts";
import { makeWorkers } from "./workers.ts";

// Not only its code: a store may still hold connections.
process.exit(await run());

async function run(): Promise<number> {
  const asked = read();
  if (typeof asked === "string") {
    console.error(asked);
    return 2;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const folder = mkdtempSync(join(tmpdir(), "cloak-db-crash-"));
  const workers = await makeWorkers();
  console.log(`seed ${asked.seed}, store ${asked.storeName}`);
  let faults = 0;
  try {
    for (const [name, part] of asked.chosen) {
      const settings = { ...asked, workers, folder, kind: storeKinds[asked.storeName], signal: stop.signal };
      faults += await runPart(name, part, settings);
    }
    console.log(faults === 0 ? "\nNothing was found that should not be." : `\n${faults} that should not be.`);
    return faults === 0 ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.log("\nStopped.");
    return 130;
  } finally {
    await workers.end();
    await (storeKinds[asked.storeName] as StoreKind).end?.();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function read() {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      rounds: { type: "string" },
      seed: { type: "string" },
      short: { type: "boolean" },
      store: { type: "string", default: "file" },
      act: { type: "string" },
    },
  });
  const unknown = values.only?.filter((name) => parts[name] === undefined) ?? [];
  if (unknown.length > 0) return `No part ${unknown.join(", ")}. There are: ${Object.keys(parts).join(", ")}`;
  if (!isStore(values.store))
    return `No store ${values.store}. There are: ${Object.keys(storeKinds).join(", ")}`;
  const { store, act } = values;
  if (act !== undefined && acts[act] === undefined)
    return `No act ${act}. There are: ${Object.keys(acts).join(", ")}`;
  const whole = values.short === true ? shortSize : wholeSize;
  const rounds = Number(values.rounds ?? whole.rounds);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  if (!Number.isInteger(rounds) || rounds < 1 || !Number.isInteger(seed))
    return "--rounds and --seed are numbers";
  const chosen = Object.entries(parts).filter(
    ([name, part]) => (values.only?.includes(name) ?? true) && (part.stores === "any" || store === "file"),
  );
  return { chosen, seed, storeName: store, act, size: { ...whole, rounds } };
}

function isStore(name: string): name is StoreName {
  return Object.hasOwn(storeKinds, name);
}

async function runPart(name: string, part: Part, settings: TrialSettings): Promise<number> {
  const begun = performance.now();
  const shown = process.stderr.isTTY === true;
  let last = begun;
  const tell = (text: string) => {
    if (performance.now() - last < (shown ? 100 : 30_000)) return;
    last = performance.now();
    process.stderr.write(shown ? `\r\x1b[K${name}: ${text}` : `${name}: ${text}\n`);
  };
  const trial = new Trial({ ...settings, tell }, part.zeros);
  try {
    await part.run(trial);
  } finally {
    if (shown) process.stderr.write("\r\x1b[K");
  }
  console.log(`\n${name} (${((performance.now() - begun) / 1000).toFixed(1)} s): ${part.proves}`);
  const wide = Math.max(...[...trial.counts.keys()].map((key) => key.length));
  for (const [key, number] of trial.counts) {
    const wrong = part.zeros.includes(key) ? (number === 0 ? " ok" : " WRONG") : "";
    console.log(`  ${key.padEnd(wide)} ${String(number).padStart(9)}${wrong}`);
  }
  for (const fault of trial.faults) console.log(`  - ${fault}`);
  const faults = part.zeros.reduce((sum, key) => sum + (trial.counts.get(key) ?? 0), 0);
  if (faults > 0) console.log(`  again: npm run test:crash -- --only ${name} --seed ${settings.seed}`);
  return faults;
}
