import { execFileSync } from "node:child_process";

/** Processes whose command line holds a text, apart from those that have ended and only wait to be asked how. */
export function processesWith(text: string): readonly string[] {
  const listing = execFileSync("ps", ["-A", "-o", "pid=,stat=,args="], { encoding: "utf8" });
  return listing
    .split("\n")
    .filter((line) => line.includes(text) && !/^\s*\d+\s+Z/.test(line) && !line.includes("ps -A"));
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" })
      .trim()
      .startsWith("Z");
  } catch {
    return false;
  }
}
