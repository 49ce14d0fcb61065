/** How the test of one row stands. */
export type RowTest =
  | { readonly state: "queued" | "running" | "stopped" }
  | { readonly state: "passed"; readonly ms: number }
  /** `code` is a problem's; undefined where the console did not answer. */
  | { readonly state: "failed"; readonly code?: string; readonly title: string };

/** How a test ended; `limited`: the server wants some seconds to pass first. */
export type TestEnd =
  | Exclude<RowTest, { readonly state: "queued" | "running" }>
  | { readonly state: "limited"; readonly seconds: number; readonly title: string };

interface Parts {
  readonly ids: readonly string[];
  readonly test: (id: string) => Promise<TestEnd>;
  readonly tell: (id: string, test: RowTest) => void;
  /** Told of a pause, in seconds, and of its end with 0. */
  readonly tellPause: (seconds: number) => void;
  readonly signal: AbortSignal;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** So many run at once. */
const atOnce = 4;
/** So often a connection waits for the server's limit before that is how its test ended. */
const mostPauses = 3;
/** One server that has to be waited for does not hold up the others longer than this, s. */
const longestPause = 60;

/**
 * Tests many connections, a few at a time, in their order. One that the server wants later goes to the end of the queue,
 * and everything waits as long as it says. An abort leaves what has not begun as `stopped`.
 */
export async function runTests({ ids, test, tell, tellPause, signal, wait = waited }: Parts): Promise<void> {
  const queue = [...ids];
  const pauses = new Map<string, number>();
  let pause: Promise<void> | undefined;
  for (const id of queue) tell(id, { state: "queued" });

  async function hold(seconds: number): Promise<void> {
    tellPause(seconds);
    await wait(seconds * 1000, signal);
    tellPause(0);
    pause = undefined;
  }

  async function work(): Promise<void> {
    for (;;) {
      await pause;
      if (signal.aborted) return;
      const id = queue.shift();
      if (id === undefined) return;
      tell(id, { state: "running" });
      const end = await test(id);
      if (end.state !== "limited") {
        tell(id, end);
        continue;
      }
      const count = (pauses.get(id) ?? 0) + 1;
      pauses.set(id, count);
      if (count > mostPauses) {
        tell(id, { state: "failed", code: "too-many-attempts", title: end.title });
        continue;
      }
      tell(id, { state: "queued" });
      queue.push(id);
      pause ??= hold(Math.min(longestPause, end.seconds));
    }
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  for (const id of queue) tell(id, { state: "stopped" });
}

function waited(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
