import { execFileSync } from "node:child_process";
import { cliProgram } from "./run-cli.ts";

/** Bundles the commands before tests run them as users who may not write here. */
export default function bundleCommands(): void {
  execFileSync(process.execPath, [cliProgram, "--version"]);
}
