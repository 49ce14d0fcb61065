import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acts } from "./acts.ts";
import { marks } from "./outcome.ts";
import { copyFiles } from "./stores.ts";
import type { Trial } from "./trial.ts";
import type { Task } from "./worker.ts";
import type { RunningWorker } from "./workers.ts";

/** One system call of an act: the how manieth of its name in the thread that makes it. */
export interface Call {
  readonly call: string;
  readonly number: number;
}

/** Whether strace(1) is here and may look at a process that it starts. */
export function canTrace(): boolean {
  return spawnSync("strace", [...options, "-e", "trace=none", "true"]).status === 0;
}

// Not --seccomp-bpf, which is quicker: with it 6.1 injects nothing.
const options = ["-f"];
/** What changes a disk, what opens and closes a way to it, and what the marks are looked for with. */
const changing =
  "/^(open|mkdir|rename|link|unlink|rmdir|p?write|fsync|fdatasync|ftruncate|copy_file_range|sendfile|close|access|faccessat)";

/** Starts a task with something done to one of its calls: `rename:signal=KILL:when=3`. */
export function traced(trial: Trial, task: Task, folder: string, inject: string): RunningWorker {
  const [call] = inject.split(":");
  return start(trial, task, folder, ["-e", `trace=${call}`, "-e", `inject=${inject}`]);
}

/** The calls of an act, in order, as a process makes them that nobody disturbs. */
export async function callsOf(trial: Trial, act: string, template: string): Promise<readonly Call[]> {
  return trial.inFolder(async (folder) => {
    const place = copyFiles(template, join(folder, "place"), acts[act]?.use);
    const task: Task = { task: "act", store: "file", given: place.given, act };
    const { how, errors } = await start(trial, task, folder, ["-e", `trace=${changing}`]).ended;
    if (how !== "0") throw new Error(`strace ${act}: ${how} ${errors}`);
    return callsIn(readFileSync(join(folder, "trace"), "utf8"));
  });
}

function start(trial: Trial, task: Task, folder: string, more: readonly string[]): RunningWorker {
  return trial.settings.workers.start(task, {
    by: ["strace", ...options, "-o", join(folder, "trace"), ...more],
    // One thread works with the disk, so that the same number is the same call each time.
    env: { UV_THREADPOOL_SIZE: "1", UV_USE_IO_URING: "0" },
  });
}

function callsIn(trace: string): readonly Call[] {
  const counts = new Map<string, number>();
  const calls: Call[] = [];
  let thread: string | undefined;
  for (const line of trace.split("\n")) {
    const [, by, call] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (by === undefined || call === undefined) continue;
    if (line.includes(marks.begin)) thread = by;
    if (line.includes(marks.end)) return calls;
    const key = `${by} ${call}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    // Threads wake one another by writing a one: nothing of that reaches a disk.
    const isDisk = !/^access|^faccessat/.test(call) && !line.includes('"\\1\\0\\0\\0\\0\\0\\0\\0", 8)');
    if (by === thread && isDisk) calls.push({ call, number });
  }
  throw new Error("the act was not seen in the trace");
}
