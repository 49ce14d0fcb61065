import type { AttemptMessage } from "./attempt-message.ts";
import type { AttemptEnd, AttemptState } from "./attempt-state.ts";

/**
 * Takes a test's messages as they come; loaded with the first test.
 * @param isLive whether anybody waits for this test still
 * @param finish told how it ended, once
 */
export async function followAttempt(
  messages: ReadableStream<AttemptMessage>,
  isLive: () => boolean,
  setState: (change: (before: AttemptState) => AttemptState) => void,
  finish: (end: AttemptEnd) => void,
): Promise<void> {
  const reader = messages.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (!isLive()) return;
    if (done) {
      finish({ type: "failed", failure: "lost" });
      return;
    }
    if (value.type === "step-started") setState((before) => ({ ...before, current: value.name }));
    else if (value.type === "step") {
      setState((before) => ({ ...before, current: undefined, steps: [...before.steps, value.step] }));
    } else if (value.type === "problem") {
      finish(value);
      return;
    } else {
      const { report } = value;
      setState((before) => ({ ...before, steps: report.steps }));
      finish(report.problem?.code === "cancelled" ? { type: "cancelled" } : value);
      return;
    }
  }
}
