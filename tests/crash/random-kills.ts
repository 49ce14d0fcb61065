import { setTimeout as sleep } from "node:timers/promises";
import { countUp, logOf } from "./acts.ts";
import { value } from "./expected.ts";
import type { Place } from "./stores.ts";
import type { Part, Trial } from "./trial.ts";
import type { RunningWorker } from "./workers.ts";
import { lookAt, smallParts } from "./writers.ts";

export const randomKills: Part = {
  proves:
    "a busy writer is killed at random while another process reads: whole revisions, all that was acknowledged",
  stores: "any",
  zeros: ["lost", "doubled", "seen half", "stuck", "left over"],
  async run(trial) {
    await trial.inFolder(async (folder) => {
      const { kind, storeName: store, workers } = trial.settings;
      const { given } = await kind.make(folder);
      const place = await kind.at(given, { partBytes: smallParts });
      value(await place.open());
      const reader = workers.start({ task: "watch", store, given });
      reader.child.stdin?.write("go\n");
      const writer = () => workers.start({ task: "work", store, given, id: "writer", as: "all" });
      const log = logOf(value(await place.open()));
      let before = await look(place);
      let next = writer();
      for (let round = 1; round <= trial.size.rounds; round += 1) {
        trial.settings.signal.throwIfAborted();
        trial.tell(`round ${round} of ${trial.size.rounds}`);
        const doomed = next;
        next = writer();
        await killed(trial, doomed);
        const now = await look(place);
        compare(trial, doomed, before, now, `round ${round}`);
        before = now;
        const chain = value(await log.check());
        if (chain.state !== "whole") trial.fault("lost", `round ${round}: ${JSON.stringify(chain)}`);
      }
      next.child.kill("SIGKILL");
      await endReader(trial, reader);
      value(await countUp(value(await place.open())));
      for (const name of place.leftOvers()) trial.fault("left over", name);
      await place.end?.();
    });
  },
};

/** At a moment between its first write and some later one; one in ten while it still opens the vault. */
async function killed(trial: Trial, doomed: RunningWorker): Promise<void> {
  await doomed.saying("here");
  doomed.child.stdin?.write("go\n");
  if (trial.random() > 0.1) await doomed.saying("ready");
  await sleep(trial.random() * 120);
  doomed.child.kill("SIGKILL");
  const { how, errors } = await doomed.ended;
  trial.count("kills");
  if (how !== "SIGKILL") trial.fault("stuck", `a writer ended by itself: ${how} ${errors}`);
}

type Numbers = Readonly<Record<string, number>>;

async function look(place: Place): Promise<Numbers | string> {
  const vault = await place.open();
  if (!vault.ok) return JSON.stringify(vault.problem);
  return lookAt(vault.value).catch((error: unknown) => `thrown: ${error}`);
}

/** So many of a kind may be under way when their writer is killed. */
const underWay: Numbers = { log: 2 };

function compare(
  trial: Trial,
  { said }: RunningWorker,
  before: Numbers | string,
  now: Numbers | string,
  when: string,
): void {
  if (typeof before === "string" || typeof now === "string") {
    if (typeof now === "string") trial.fault("stuck", `${when}: ${now}`);
    return;
  }
  const told = new Map<string, Set<number>>();
  for (const line of said) {
    const [what = "", number] = line.split(" ");
    if (number === undefined) continue;
    const numbers = told.get(what) ?? new Set();
    if (numbers.has(Number(number))) trial.fault("doubled", `${when}: ${line}`);
    told.set(what, numbers.add(Number(number)));
  }
  for (const [what, from] of Object.entries(before)) {
    const numbers = told.get(what) ?? new Set();
    const [to, highest] = [now[what] ?? 0, Math.max(from, ...numbers)];
    trial.count("writes", numbers.size);
    if (to < highest) trial.fault("lost", `${when}: ${what} ${highest} was acknowledged, ${to} is there`);
    const more = to - from - numbers.size;
    if (more > (underWay[what] ?? 1))
      trial.fault("doubled", `${when}: ${what} has ${more} that nobody wrote`);
    if (more > 0) trial.count("saved but not told", more);
  }
}

/** What the reader saw that it must not see. */
export async function endReader(trial: Trial, reader: RunningWorker): Promise<void> {
  reader.child.stdin?.write("stop\n");
  const { how, errors } = await reader.ended;
  if (how !== "0") trial.fault("stuck", `the reader ended with ${how}: ${errors}`);
  for (const line of reader.said) {
    const [what, number] = line.split(" ");
    if (what === "wrong") trial.fault("seen half", line.slice(6));
    if (what === "looks") trial.count("looks", Number(number));
  }
}
