/**
 * A process that works on a place until it has done its task, or is killed. What it says on standard output is one line
 * each.
 *
 *   worker.ts <task as JSON>
 */
import { writeSync } from "node:fs";
import { access, open } from "node:fs/promises";
import { diskWith } from "#tests/support/failing-disk.ts";
import { acts } from "./acts.ts";
import { changeKeys } from "./key-changer.ts";
import { lookAtMutants } from "./mutants.ts";
import { marks, mayChange, outcomeOf } from "./outcome.ts";
import { shiftClock } from "./shift-clock.ts";
import { type StoreName, storeKinds } from "./stores.ts";
import { smallParts, type WriterKind, watch, work } from "./writers.ts";

/** What a process is started for. */
export type Task = OneAct | Work | Watch | Keys | Mutate;

interface At {
  readonly store: StoreName;
  readonly given: string;
}

/** Does one act, says what came of it, and does it again. */
interface OneAct extends At {
  readonly task: "act";
  readonly act: string;
  /** Dies before this call of the act that the disk is told; for where no tracer is. */
  readonly dieAt?: number;
}

async function doAct({ store, given, act: name, dieAt }: OneAct): Promise<void> {
  const act = acts[name];
  if (act === undefined) throw new RangeError(`no act ${name}`);
  let calls = -1;
  const disk = diskWith((call) => {
    if (calls === -1 || !mayChange(call)) return;
    calls += 1;
    if (calls === dieAt) process.kill(process.pid, "SIGKILL");
  });
  const place = await storeKinds[store].at(given, { ...act.use, ...(dieAt === undefined ? {} : { disk }) });
  const run = await act.begin(place);
  if (dieAt === undefined) await makeCalls();
  await access(marks.begin).catch(() => undefined);
  calls = 0;
  const outcome = await outcomeOf(run);
  calls = -1;
  await access(marks.end).catch(() => undefined);
  say(JSON.stringify(outcome));
  say(JSON.stringify(await outcomeOf(run)));
}

/**
 * A tracer counts the calls of each thread for itself. By these the one thread that works with the disk is ahead of all
 * others, so that a number is one of its own.
 */
async function makeCalls(): Promise<void> {
  for (let left = 150; left > 0; left -= 1) {
    const handle = await open("/dev/null", "w");
    await handle.write("-");
    await handle.close();
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

/** Works or watches until it is told to stop, or killed. It begins when it is told to. */
interface Work extends At {
  readonly task: "work";
  /** Who it is: what it has counted to is kept under this name. */
  readonly id: string;
  readonly as: WriterKind;
  /** What is added to its clock, ms; by turns where there are several. */
  readonly clock?: readonly number[];
}

interface Watch extends At {
  readonly task: "watch";
}

/** Exchanges and renews keys, as the command line does. */
interface Keys extends At {
  readonly task: "keys";
}

/** Alters the files of a place again and again, and says what is seen of them. */
interface Mutate extends At {
  readonly task: "mutate";
  readonly seed: number;
  readonly count: number;
}

let stopped = false;
let told: (() => void) | undefined;
const go = new Promise<void>((resolve) => {
  told = resolve;
});
const isStopped = () => stopped;

async function begin(): Promise<void> {
  const task: Task = JSON.parse(process.argv[2] ?? "{}");
  if (task.task === "act") return doAct(task);
  if (task.task === "mutate") return lookAtMutants(task.given, task.seed, task.count, say);
  process.stdin.on("data", (chunk: Buffer) => {
    if (chunk.includes("go")) told?.();
    if (chunk.includes("stop")) stopped = true;
  });
  process.stdin.on("end", () => {
    stopped = true;
    told?.();
  });
  say("here");
  await go;
  const place = await storeKinds[task.store].at(task.given, { partBytes: smallParts });
  if (task.task === "work") {
    shiftClock(task.clock ?? [0]);
    await work(place, task.as, task.id, say, isStopped);
  } else if (task.task === "keys") {
    await changeKeys(place, say, isStopped);
  } else {
    await watch(place, say, isStopped);
  }
  say("stopped");
  // A store may still hold connections.
  process.exit(0);
}

await begin();
