import { setTimeout as sleep } from "node:timers/promises";
import { value } from "./expected.ts";
import { hold, leftOfExchange, rekey, rotate, wrongWith } from "./key-changer.ts";
import type { Place } from "./stores.ts";
import type { Part, Trial } from "./trial.ts";
import type { RunningWorker } from "./workers.ts";

export const keyKills: Part = {
  proves:
    "rekey and rotate are killed at random: the key's file opens the vault, all of it, and the same again ends well",
  stores: "any",
  zeros: ["locked", "lost", "not ended", "left over"],
  async run(trial) {
    await trial.inFolder(async (folder) => {
      const { kind, storeName: store, workers } = trial.settings;
      const { given } = await kind.make(folder);
      const place = await kind.at(given);
      await hold(place);
      const changer = () => workers.start({ task: "keys", store, given });
      let next = changer();
      for (let round = 1; round <= trial.size.rounds; round += 1) {
        trial.settings.signal.throwIfAborted();
        trial.tell(`round ${round} of ${trial.size.rounds}`);
        const doomed = next;
        next = changer();
        await killed(trial, doomed);
        await look(trial, place, `round ${round}`);
        // What was killed is not always ended before the next one is killed as well.
        if (trial.random() < 0.3) await end(trial, place, `round ${round}`);
      }
      next.child.kill("SIGKILL");
      await next.ended;
      await end(trial, place, "at the end");
      for (const name of place.leftOvers()) trial.fault("left over", name);
      await place.end?.();
    });
  },
};

/** An exchange takes some ten commits, a rotation a few: a moment in one of the first. */
async function killed(trial: Trial, doomed: RunningWorker): Promise<void> {
  await doomed.saying("here");
  doomed.child.stdin?.write("go\n");
  await doomed.saying("ready");
  await sleep(trial.random() * 400);
  doomed.child.kill("SIGKILL");
  const { how, errors } = await doomed.ended;
  trial.count("kills");
  for (const what of ["rekeyed", "rotated"]) {
    trial.count(what, doomed.said.filter((line) => line === what).length);
  }
  if (how !== "SIGKILL") trial.fault("not ended", `it ended by itself: ${how} ${errors}`);
}

async function look(trial: Trial, place: Place, when: string): Promise<void> {
  const vault = await place.open();
  if (!vault.ok) return trial.fault("locked", `${when}: ${JSON.stringify(vault.problem)}`);
  const wrong = await wrongWith(vault.value);
  if (wrong !== undefined) trial.fault("lost", `${when}: ${wrong}`);
}

/** The person does it again: an exchange that was ended in the middle is finished, then another one is whole. */
async function end(trial: Trial, place: Place, when: string): Promise<void> {
  for (const [name, again] of Object.entries({ rekey, rotate })) {
    const done = await again(place);
    if (!done.ok) return trial.fault("not ended", `${when}: ${name}: ${JSON.stringify(done.problem)}`);
    trial.count("done again");
  }
  const left = await leftOfExchange(place);
  if (left !== undefined) trial.fault("left over", `${when}: ${left}`);
  const wrong = await wrongWith(value(await place.open()));
  if (wrong !== undefined) trial.fault("lost", `${when}, done again: ${wrong}`);
}
