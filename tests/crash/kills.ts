import { join } from "node:path";
import { diskWith } from "#tests/support/failing-disk.ts";
import { type Act, afterwards, countUp } from "./acts.ts";
import { value } from "./expected.ts";
import { mayChange } from "./outcome.ts";
import { copyFiles, type Place, storeKinds } from "./stores.ts";
import { callsOf, canTrace, traced } from "./strace.ts";
import type { Part, Trial } from "./trial.ts";

/** Where a process is killed: before this call of the disk. */
interface Point {
  readonly name: string;
  readonly act: Act;
  readonly call: string;
  readonly number: number;
}

export const kills: Part = {
  proves: "killed before every call that changes the disk: old or new, whole; cleared away; goes on",
  stores: "file",
  zeros: ["lost", "half", "stuck", "left over"],
  async run(trial) {
    const tracing = canTrace();
    await trial.inFolder(async (folder) => {
      for (const [index, [name, act]] of trial.acts.entries()) {
        const template = await storeKinds.file.make(join(folder, String(index)));
        await act.prepare(storeKinds.file.at(template.given, act.use));
        const traced = tracing && trial.perhaps() ? await callsOf(trial, name, template.given) : [];
        const points = trial.someOf(traced);
        await trial.each(points, (point) => killAt(trial, { name, act, ...point }, template.given));
        // By the port it is quick: what matters most is tried whole each time.
        if (tracing && !wholeEachTime.includes(name)) continue;
        const calls = numbersTo(await callsOfPort(trial, act, template.given));
        const some = wholeEachTime.includes(name) ? calls : trial.someOf(calls);
        await trial.each(some, (number) => killAt(trial, { name, act, call: port, number }, template.given));
      }
    });
  },
};

/** Stands for any call that the disk is told and that may change it. */
const port = "the port's call";
const wholeEachTime: readonly string[] = ["commit", "log line, new part"];
const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** How many calls an act makes that may change the disk. */
async function callsOfPort(trial: Trial, act: Act, template: string): Promise<number> {
  return trial.inFolder(async (folder) => {
    let [armed, calls] = [false, 0];
    const disk = diskWith((call) => {
      if (armed && mayChange(call)) calls += 1;
    });
    const run = await act.begin(copyFiles(template, join(folder, "place"), { ...act.use, disk }));
    armed = true;
    value(await run());
    return calls;
  });
}

async function killAt(trial: Trial, point: Point, template: string): Promise<void> {
  const { name, act, call, number } = point;
  await trial.inFolder(async (folder) => {
    const place = copyFiles(template, join(folder, "place"), act.use);
    const task = { task: "act", store: "file", given: place.given, act: name } as const;
    const worker =
      call === port
        ? trial.settings.workers.start({ ...task, dieAt: number })
        : traced(trial, task, folder, `${call}:signal=KILL:when=${number}`);
    const { how, errors } = await worker.ended;
    const where = `${name}, before ${call} ${number}`;
    trial.count(call === port ? "points by the port" : "points by strace");
    if (how !== "SIGKILL") {
      if (how === "0") trial.count("past the end");
      else trial.fault("stuck", `${where}: ended with ${how} ${errors}`);
      return;
    }
    trial.count("kills");
    await goesOn(trial, act, place, where);
  });
}

/** What is there is old or new; the act can be done again; and after the next save nothing is left of the killed one. */
export async function goesOn(trial: Trial, act: Act, place: Place, where: string): Promise<void> {
  const found = await act.found(place).catch((error: unknown) => `thrown: ${error}`);
  if (found === 0) trial.count("old");
  else if (found === 1) trial.count("new");
  else return trial.fault(typeof found === "number" ? "lost" : "half", `${where}: ${found}`);

  const next = afterwards(act, found);
  try {
    value(await (await act.begin(place))());
    const after = await act.found(place);
    if (after !== next) trial.fault("lost", `${where}: done again it is ${after}, not ${next}`);
    value(await countUp(value(await place.open())));
  } catch (error) {
    return trial.fault("stuck", `${where}: ${error}`);
  }
  const left = place.leftOvers();
  if (left.length > 0) trial.fault("left over", `${where}: ${left.join(", ")}`);
}
