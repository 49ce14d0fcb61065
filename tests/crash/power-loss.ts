import { join } from "node:path";
import {
  type Files,
  filesBelow,
  layOut,
  recordingDisk,
  statesAfter,
  type Told,
} from "#tests/support/power-loss.ts";
import type { Act } from "./acts.ts";
import { value } from "./expected.ts";
import { foldersBelow, type Place, storeKinds } from "./stores.ts";
import type { Part, Trial } from "./trial.ts";

export const powerLoss: Part = {
  proves:
    "the power fails, and any part of what was not synced is lost: old or new; new once it was acknowledged",
  stores: "file",
  zeros: ["lost", "half", "blind"],
  async run(trial) {
    for (const [name, act] of trial.acts) {
      // It holds as long as its process runs, and no longer.
      if (name !== "claim") await trial.inFolder((folder) => loseDuring(trial, name, act, folder));
    }
  },
};

async function loseDuring(trial: Trial, name: string, act: Act, folder: string): Promise<void> {
  const { given } = await storeKinds.file.make(join(folder, "place"));
  await act.prepare(storeKinds.file.at(given, act.use));
  const folders = Object.values(foldersBelow(given));
  const before = filesBelow(folders);
  const { disk, told } = recordingDisk(folders);
  value(await (await act.begin(storeKinds.file.at(given, { ...act.use, disk })))());

  const found = new Map<string, number | string>();
  const look = async (state: Files) => {
    const print = printOf(state);
    const known = found.get(print) ?? (await foundIn(trial, act, given, state));
    found.set(print, known);
    return known;
  };
  for (let count = 0; count <= told.length; count += 1) {
    trial.settings.signal.throwIfAborted();
    trial.tell(`${name}, after ${count} of ${told.length}`);
    for (const state of statesAfter(before, told, count)) {
      const is = await look(state);
      const where = `${name}, after ${count} of ${told.length}`;
      if (is !== 0 && is !== 1) trial.fault("half", `${where}: ${is}`);
      else if (count === told.length && is !== 1) trial.fault("lost", `${where}: it was acknowledged`);
    }
  }
  trial.count("cuts", told.length + 1);
  trial.count("states", found.size);
  await seesCarelessness(trial, name, before, told, look);
}

/** Not an empty claim: without its syncs the same act would be found out here. */
async function seesCarelessness(
  trial: Trial,
  name: string,
  before: Files,
  told: readonly Told[],
  look: (state: Files) => Promise<number | string>,
): Promise<void> {
  let seen = 0;
  for (const kind of ["synced-file", "synced-folder"]) {
    const careless = told.filter((event) => event.kind !== kind);
    for (const state of statesAfter(before, careless, careless.length)) {
      if ((await look(state)) !== 1) seen += 1;
    }
  }
  trial.count("found out without syncs", seen);
  if (seen === 0) trial.fault("blind", `${name}: nothing is lost without syncs either`);
}

/** What is found in a state of the disk, in folders of its own. */
async function foundIn(trial: Trial, act: Act, given: string, state: Files): Promise<number | string> {
  return trial.inFolder(async (folder) => {
    const place: Place = await storeKinds.file.make(join(folder, "place"));
    layOut(state, (path) => path.replace(given, place.given));
    return act.found(storeKinds.file.at(place.given, act.use)).catch((error: unknown) => `thrown: ${error}`);
  });
}

function printOf(state: Files): string {
  return [...state]
    .map(([path, bytes]) => `${path} ${bytes.toString("latin1")}`)
    .sort()
    .join("\n");
}
