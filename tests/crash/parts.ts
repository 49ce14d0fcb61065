import { failingCalls } from "./failing-calls.ts";
import { kills } from "./kills.ts";
import { powerLoss } from "./power-loss.ts";
import type { Part } from "./trial.ts";

/** The parts of the proof, by the name that `--only` takes. */
export const parts: Readonly<Record<string, Part>> = {
  kills,
  "failing-calls": failingCalls,
  "power-loss": powerLoss,
};
