import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { earlierRevisions } from "#lib/vault/earlier-revisions.ts";
import { countUp } from "./acts.ts";
import { value } from "./expected.ts";
import { writeTogether } from "./many-writers.ts";
import { foldersBelow, storeKinds } from "./stores.ts";
import type { Part, Trial } from "./trial.ts";

const tenYears = 10 * 365.25 * 24 * 60 * 60 * 1000;

export const clocks: Part = {
  proves:
    "clocks that are ten years off, or go back in the middle: revisions, locks, documents, logs and backups do not mind",
  stores: "file",
  zeros: ["lost", "doubled", "seen half", "stuck", "left over", "backup missing", "out of order"],
  async run(trial) {
    await trial.inFolder((folder) =>
      writeTogether(trial, folder, {
        disturbed: false,
        clocks: [[0], [tenYears], [-tenYears], [tenYears, -tenYears, 0]],
      }),
    );
    await trial.inFolder((folder) => backupsOfWrongClocks(trial, folder, { newest: 1 }));
    await trial.inFolder((folder) =>
      backupsOfWrongClocks(trial, folder, { newest: 10, backupDays: 100 * 365 }),
    );
  },
};

/**
 * Their times are those of the file system, which a wrong clock has written: the newest stays all the same, and where age
 * does not count the newest ten do.
 */
async function backupsOfWrongClocks(
  trial: Trial,
  folder: string,
  stay: { readonly newest: number; readonly backupDays?: number },
): Promise<void> {
  const { newest, ...use } = stay;
  const { given } = await storeKinds.file.make(folder);
  const place = storeKinds.file.at(given, use);
  const vault = value(await place.open());
  const backups = join(foldersBelow(folder).configDir, "backups");
  for (let saves = 1; saves <= 40; saves += 1) {
    value(await countUp(vault));
    for (const name of readdirSync(backups)) {
      const at = (Date.now() + (trial.random() * 2 - 1) * tenYears) / 1000;
      utimesSync(join(backups, name), at, at);
    }
    const revisions = (await earlierRevisions(place.store()).earlier()).map(({ rev }) => rev);
    trial.count("saves");
    const expected = Array.from({ length: Math.min(newest, saves) }, (_, index) => saves - index);
    if (expected.some((rev) => !revisions.includes(rev))) trial.fault("backup missing", revisions.join());
    if (revisions.some((rev, index) => rev <= (revisions[index + 1] ?? 0))) {
      trial.fault("out of order", revisions.join());
    }
  }
}
