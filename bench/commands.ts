// From the start of a command to its end, beside a Node that does nothing. `check` meets a port where nobody listens, so
// that no handshake is in it. Run: npm run bench -- commands
import { spawnSync } from "node:child_process";
import { cleanEnvironment, cliProgram } from "#tests/support/run-cli.ts";
import { freePort, median } from "./support/scratch-console.mjs";

const rounds = 15;
const nobody = `postgres://app@127.0.0.1:${await freePort()}/shop?sslmode=disable`;
const commands: Readonly<Record<string, readonly string[]>> = {
  "node, nothing": ["--eval", ""],
  "--version": [cliProgram, "--version"],
  "check --help": [cliProgram, "check", "--help"],
  "check URL": [cliProgram, "check", nobody],
  "export --help": [cliProgram, "export", "--help"],
};

const found = new Map<string, number[]>();
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, args] of Object.entries(commands)) {
    const begun = performance.now();
    spawnSync(process.execPath, args, { env: cleanEnvironment() });
    const ms = performance.now() - begun;
    // The first of each reads the disk for all, and may make the bundle.
    if (round > 0) found.set(name, [...(found.get(name) ?? []), ms]);
  }
}
const floor = median(found.get("node, nothing") ?? []);
for (const [name, times] of found) {
  const ms = median(times);
  console.log(`${name.padEnd(16)} ${ms.toFixed(0).padStart(5)} ms   ${(ms / floor).toFixed(1)} of nothing`);
}
console.log(`medians of ${rounds}, Node ${process.versions.node}`);
