// `npm run build`: the console, its files as they are sent, and the commands.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { commandsBundle } from "./bundle-commands.js";
import { compressFiles } from "./compress-files.js";
import { buildFolder } from "./ensure-build.js";
import { root } from "./root.js";

const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
const child = spawn(process.execPath, [next, "build"], { cwd: root, stdio: "inherit" });
const stop = () => child.kill("SIGTERM");
process.once("exit", stop);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
child.once("close", async (code) => {
  process.off("exit", stop);
  process.exitCode = code ?? 1;
  if (code !== 0) return;
  await compressFiles(path.join(buildFolder, "static"));
  // Whoever builds may write here; whoever runs a command later may not.
  if ((await commandsBundle()) === undefined) process.exitCode = 1;
});
