import "server-only";
import type { PortalStep } from "./portal-query.ts";
import type { Notice } from "./run-events.ts";

/** What a run waits for. */
export type Step =
  | Exclude<PortalStep, { readonly type: "overflow" | "copy-out" }>
  | { readonly type: "notice"; readonly notice: Notice };

/** Steps in the order they came, for one reader. */
export class StepQueue {
  readonly #steps: Step[] = [];
  #wake: (() => void) | undefined;

  push(step: Step): void {
    this.#steps.push(step);
    this.#wake?.();
  }

  async next(): Promise<Step> {
    for (;;) {
      const step = this.#steps.shift();
      if (step !== undefined) return step;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
