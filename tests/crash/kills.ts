import { join } from "node:path";
import { type Act, acts, afterwards, countUp } from "./acts.ts";
import { value } from "./expected.ts";
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
    trial.count(tracing ? "by strace" : "by the disk port", 1);
    await trial.inFolder(async (folder) => {
      for (const [index, [name, act]] of Object.entries(acts).entries()) {
        const template = await storeKinds.file.make(join(folder, String(index)));
        await act.prepare(storeKinds.file.at(template.given, act.use));
        const found = tracing
          ? (await callsOf(trial, name, template.given)).map((point) => ({ name, act, ...point }))
          : Array.from({ length: 90 }, (_, call) => ({ name, act, call: "call", number: call + 1 }));
        const points = trial.someOf(found);
        await trial.each(points, (point) => killAt(trial, point, template.given, tracing));
      }
    });
  },
};

async function killAt(trial: Trial, point: Point, template: string, tracing: boolean): Promise<void> {
  const { name, act, call, number } = point;
  await trial.inFolder(async (folder) => {
    const place = copyFiles(template, join(folder, "place"), act.use);
    const task = { task: "act", store: "file", given: place.given, act: name } as const;
    const worker = tracing
      ? traced(trial, task, folder, `${call}:signal=KILL:when=${number}`)
      : trial.settings.workers.start({ ...task, dieAt: number });
    const { how, errors } = await worker.ended;
    const where = `${name}, before ${call} ${number}`;
    trial.count("points");
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
