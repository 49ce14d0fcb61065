import { join } from "node:path";
import { type Disk, nodeDisk } from "#lib/stores/file/disk.ts";
import { diskWith, shortWritingDisk, systemError } from "#tests/support/failing-disk.ts";
import { type Act, countUp } from "./acts.ts";
import { value } from "./expected.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { copyFiles, type Place, storeKinds } from "./stores.ts";
import { callsOf, canTrace, traced } from "./strace.ts";
import type { Part, Trial } from "./trial.ts";

const errors = ["ENOSPC", "EIO", "EROFS", "EMFILE", "ENOLCK", "EDQUOT"];

export const failingCalls: Part = {
  proves: "every call of the disk fails once: it is said, old or new is there, and it works again",
  stores: "file",
  zeros: ["lost", "said wrong", "does not go on", "left over"],
  async run(trial) {
    const tracing = canTrace();
    await trial.inFolder(async (folder) => {
      for (const [index, [name, act]] of trial.acts.entries()) {
        const template = (await storeKinds.file.make(join(folder, String(index)))).given;
        await act.prepare(storeKinds.file.at(template, act.use));
        await byPort(trial, name, act, template);
        if (tracing && trial.perhaps()) await byTracer(trial, name, act, template);
      }
    });
  },
};

/** Each error at each call that the disk is told; and a disk that is full in the middle of each piece of a text. */
async function byPort(trial: Trial, name: string, act: Act, template: string): Promise<void> {
  const whole = await tried(trial, act, template, nodeDisk, 0, "");
  const pieces = await tried(trial, act, template, shortWritingDisk(64), 0, "");
  const points = [
    ...errors.flatMap((code) => numbersTo(whole.calls).map((at) => ({ code, at, most: 0 }))),
    ...numbersTo(pieces.calls).map((at) => ({ code: "ENOSPC", at, most: 64 })),
  ];
  await trial.each(trial.someOf(points, 5), async ({ code, at, most }) => {
    const where = `${name}, ${code} at call ${at}${most === 0 ? "" : " in pieces"}`;
    const done = await tried(trial, act, template, most === 0 ? nodeDisk : shortWritingDisk(most), at, code);
    trial.count(done.hit ? "calls failed" : "past the end");
    judge(trial, name, act, where, done.outcome, done.found);
    if (done.again.state !== "done") trial.fault("does not go on", `${where}: ${done.again.what}`);
    if (done.left.length > 0) trial.fault("left over", `${where}: ${done.left.join(", ")}`);
  });
  if (whole.outcome.state !== "done" || pieces.outcome.state !== "done") {
    trial.fault("said wrong", `${name}: fails on a disk without fault`);
  }
  trial.count("short writes", pieces.calls - whole.calls);
}

const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

async function tried(trial: Trial, act: Act, template: string, base: Disk, at: number, code: string) {
  return trial.inFolder(async (folder) => {
    let [armed, calls, hit] = [false, 0, false];
    const failing = diskWith((call) => {
      if (!armed) return;
      calls += 1;
      if (calls !== at) return;
      hit = true;
      throw systemError(code, call);
    });
    const disk = base === nodeDisk ? failing : shortWritingDisk(64, failing);
    const place = copyFiles(template, join(folder, "place"), { ...act.use, disk });
    const run = await act.begin(place);
    armed = true;
    const outcome = await outcomeOf(run);
    armed = false;
    const calm = storeKinds.file.at(place.given, act.use);
    const found = await act.found(calm).catch((error: unknown) => `thrown: ${error}`);
    const again = await outcomeOf(run);
    value(await countUp(value(await calm.open())));
    return { calls, hit, outcome, found, again, left: calm.leftOvers() };
  });
}

/** One error at each system call, in a process of its own: what the port cannot reach, as closing a file. */
async function byTracer(trial: Trial, name: string, act: Act, template: string): Promise<void> {
  // A thread that cannot wake another one by its write ends the process: that is nobody's disk.
  const all = (await callsOf(trial, name, template)).filter(({ call }) => call !== "write");
  const calls = trial.someOf(all);
  await trial.each(calls, ({ call, number }) =>
    trial.inFolder(async (folder) => {
      const code = errors[trial.below(errors.length)] ?? "EIO";
      const place: Place = copyFiles(template, join(folder, "place"), act.use);
      const task = { task: "act", store: "file", given: place.given, act: name } as const;
      const worker = traced(trial, task, folder, `${call}:error=${code}:when=${number}`);
      const { how, errors: complaint } = await worker.ended;
      const where = `${name}, ${code} at ${call} ${number}`;
      trial.count("system calls failed");
      const [outcome, again] = worker.said.map((line): Outcome => JSON.parse(line));
      if (how !== "0" || outcome === undefined || again === undefined) {
        return trial.fault("does not go on", `${where}: ${how} ${complaint}`);
      }
      if (again.state !== "done") trial.fault("does not go on", `${where}: ${again.what}`);
      // Both acts are over: of the first it is told by what is there after the second.
      const found = await act.found(place).catch((error: unknown) => `thrown: ${error}`);
      const first = typeof found === "number" && again.state === "done" ? found - 1 : found;
      if (!act.once) judge(trial, name, act, where, outcome, first);
      value(await countUp(value(await place.open())));
      const left = place.leftOvers();
      if (left.length > 0) trial.fault("left over", `${where}: ${left.join(", ")}`);
    }),
  );
}

/** What was said against what is there. */
function judge(
  trial: Trial,
  name: string,
  act: Act,
  where: string,
  outcome: Outcome,
  found: number | string,
): void {
  trial.count(`said ${outcome.state}`);
  if (found !== 0 && found !== 1) trial.fault("lost", `${where}: ${found}`);
  if (act.byLooking === true) return;
  const isNew = found === 1;
  // What cannot even be looked at is an exception, caught at the door; a note's write is one, too, and may have happened.
  const isLook = outcome.state === "thrown" && !name.startsWith("note,");
  const saved = outcome.state === "done" ? true : isLook ? false : outcome.saved;
  if (saved !== undefined && saved !== isNew) {
    trial.fault("said wrong", `${where}: ${outcome.what || "done"}, and ${isNew ? "new" : "old"} is there`);
  }
}
