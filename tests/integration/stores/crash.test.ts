import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parts } from "#tests/crash/parts.ts";
import { storeKinds } from "#tests/crash/stores.ts";
import { shortSize, Trial } from "#tests/crash/trial.ts";
import { makeWorkers, type Workers } from "#tests/crash/workers.ts";

let workers: Workers;
const folder = mkdtempSync(join(tmpdir(), "cloak-db-crash-"));

beforeAll(async () => {
  workers = await makeWorkers();
});

afterAll(async () => {
  await workers.end();
  rmSync(folder, { recursive: true, force: true });
});

describe("the short run of npm run test:crash", () => {
  test.each(Object.entries(parts))(
    "%s",
    async (_name, part) => {
      const trial = new Trial(
        {
          size: shortSize,
          seed: 15,
          storeName: "file",
          kind: storeKinds.file,
          workers,
          folder,
          signal: new AbortController().signal,
        },
        part.zeros,
      );
      await part.run(trial);
      expect(trial.faults).toEqual([]);
      for (const name of part.zeros) expect([name, trial.counts.get(name)]).toEqual([name, 0]);
      expect(trial.counts.size).toBeGreaterThan(part.zeros.length);
    },
    120_000,
  );
});
