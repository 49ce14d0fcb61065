import { readdirSync, readFileSync } from "node:fs";

/**
 * Seconds of the processor that a process and everything it has started have used: what a measure costs, however many
 * others use the machine at the same time.
 * @returns undefined where the system does not tell (only Linux does)
 */
export function cpuOf(pid: number): number | undefined {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = statOf(name);
      if (stat === undefined) continue;
      parents.set(Number(name), stat.parent);
      ticks.set(Number(name), stat.ticks);
    }
  } catch {
    return undefined;
  }
  const isOf = (one: number | undefined): boolean =>
    one !== undefined && one > 1 && (one === pid || isOf(parents.get(one)));
  return [...ticks].reduce((sum, [one, used]) => (isOf(one) ? sum + used : sum), 0) / ticksPerSecond;
}

/** USER_HZ is 100 on every Linux there is a Node for. */
const ticksPerSecond = 100;

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime, stime, and those of children that have ended. */
function statOf(pid: string): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
