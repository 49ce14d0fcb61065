import { clocks } from "./clocks.ts";
import { failingCalls } from "./failing-calls.ts";
import { keyKills } from "./key-kills.ts";
import { kills } from "./kills.ts";
import { manyWriters } from "./many-writers.ts";
import { mutations } from "./mutations.ts";
import { powerLoss } from "./power-loss.ts";
import { randomKills } from "./random-kills.ts";
import type { Part } from "./trial.ts";

/** The parts of the proof, by the name that `--only` takes. */
export const parts: Readonly<Record<string, Part>> = {
  kills,
  "failing-calls": failingCalls,
  "power-loss": powerLoss,
  "random-kills": randomKills,
  "key-kills": keyKills,
  "many-writers": manyWriters,
  clocks,
  mutations,
};
