// `npm run dev`: Next's own server with reload, on this machine only, and the link of the set-up as `npm start` prints it.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { ask } from "./ask.js";
import { root } from "./root.js";
import { say } from "./say.js";
import { setupUrl } from "./setup-link.js";
import { word } from "./words.js";

// This one is TypeScript, which is read as it stands (see package.json).
const { readEnvironment } = await import("../lib/env.ts");
const env = readEnvironment();

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
const child = spawn(process.execPath, [next, "dev", "--hostname", "127.0.0.1", ...process.argv.slice(2)], {
  cwd: root,
  // Through a pipe Next would leave its colours out.
  env: {
    ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}),
    NEXT_TELEMETRY_DISABLED: "1",
    ...process.env,
  },
  stdio: ["inherit", "pipe", "inherit"],
});
let report = "";
let asked = false;
child.stdout.setEncoding("utf8").on("data", async (part) => {
  process.stdout.write(part);
  if (asked) return;
  report += stripVTControlCharacters(part);
  const url = /Local:\s+(http:\/\/\S+)/.exec(report)?.[1];
  if (url === undefined || !/\bReady in\b/.test(report)) return;
  asked = true;
  // One own request, so that the set-up token is written before the link is printed.
  await ask(`${url}/api/health`);
  const link = setupUrl(url, env.ok ? env.value : undefined);
  if (link !== undefined) say(word("start.setup", { url: link }));
});

// The terminal tells both; what another program sends is passed on, and the child's end is ours.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
