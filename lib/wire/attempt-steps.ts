import "server-only";
import type { Facts } from "#lib/problems/problem.ts";
import { type StepName, stepNames } from "#lib/problems/step-names.ts";
import { roundedMs } from "#lib/rounded-ms.ts";
import type { AttemptEvent, StepReport } from "./report.ts";

/** Why an attempt was ended from our side. */
export class AttemptStopped extends Error {
  readonly why: "cancelled" | "timeout";
  /** The time that was allowed, ms; 0 for a cancel. */
  readonly limitMs: number;

  constructor(why: "cancelled" | "timeout", limitMs: number) {
    super(why);
    this.name = "AttemptStopped";
    this.why = why;
    this.limitMs = limitMs;
  }
}

/** The steps before sign-in take no longer than this, however long the whole may take. */
const networkStepMs = 10_000;
const networkSteps: ReadonlySet<StepName> = new Set(["name", "address", "tls-request", "handshake"]);

/**
 * One attempt's way up the steps: which one it stands on, what each took and showed, and how long it still has.
 * Every wait of the attempt goes through `within`, so that a cancel or a deadline ends it at once.
 */
export class AttemptSteps {
  readonly #onEvent: (event: AttemptEvent) => void;
  readonly #stop = new AbortController();
  readonly #startedAt = performance.now();
  readonly #done = new Map<StepName, StepReport>();
  readonly #wholeMs: number;
  readonly #wholeTimer: NodeJS.Timeout;
  readonly #callerSignal: AbortSignal | undefined;
  /** Never resolves; made once, for every wait of the attempt. */
  readonly #stopped: Promise<never>;
  readonly #cancelled = () => this.#stop.abort(new AttemptStopped("cancelled", 0));
  #stepTimer: NodeJS.Timeout | undefined;
  #facts: Record<string, Facts[string]> = {};
  #stepStartedAt = 0;
  #current: StepName | null = null;
  #last: StepName = "name";

  constructor(options: {
    readonly wholeMs: number;
    readonly onEvent?: ((event: AttemptEvent) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  }) {
    this.#onEvent = options.onEvent ?? (() => {});
    const { signal } = this.#stop;
    this.#stopped = new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    // A stop between two waits is told by the next one.
    this.#stopped.catch(() => {});
    this.#wholeMs = options.wholeMs;
    this.#wholeTimer = setTimeout(() => this.#timeOut(options.wholeMs), options.wholeMs);
    this.#callerSignal = options.signal;
    options.signal?.addEventListener("abort", this.#cancelled, { once: true });
    if (options.signal?.aborted) this.#cancelled();
  }

  /** The step being taken, or the last one that was. */
  get step(): StepName {
    return this.#current ?? this.#last;
  }

  /** Ms since the attempt began. */
  get elapsed(): number {
    return performance.now() - this.#startedAt;
  }

  /** Aborts with an `AttemptStopped` when the caller cancels or the time is over. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Steps on a step; the one before is passed by that. */
  begin(name: StepName): void {
    this.pass();
    this.#current = name;
    this.#last = name;
    this.#facts = {};
    this.#stepStartedAt = performance.now();
    clearTimeout(this.#stepTimer);
    if (networkSteps.has(name) && networkStepMs < this.#wholeMs) {
      this.#stepTimer = setTimeout(() => this.#timeOut(networkStepMs), networkStepMs);
    }
    this.tell({ type: "step-started", name });
  }

  /** Adds evidence to the step being taken. */
  note(facts: Facts): void {
    Object.assign(this.#facts, facts);
  }

  /** Leaves the current step as passed. */
  pass(): void {
    if (this.#current !== null) this.#leave(this.#current, "passed");
  }

  /** A step that this attempt does not need. */
  skip(name: StepName, facts: Facts = {}): void {
    this.pass();
    this.#report({ name, state: "skipped", ms: 0, facts });
  }

  /**
   * Ends the attempt at a step. Usually the current one; an earlier one when the server's refusal came late (in
   * TLS 1.3 a client certificate is refused after the handshake is over on our side).
   */
  fail(name: StepName): void {
    const current = this.#current;
    if (current === name) this.#leave(name, "failed");
    else {
      const earlier = this.#done.get(name);
      // A later step that the server named without letting us go there: its time was spent waiting here.
      const facts = earlier?.facts ?? this.#facts;
      const ms = earlier?.ms ?? performance.now() - this.#stepStartedAt;
      this.abandon();
      this.#report({ name, state: "failed", ms, facts });
    }
  }

  /** Leaves the current step as not reached: what is wrong was known before it. */
  abandon(): void {
    clearTimeout(this.#stepTimer);
    const name = this.#current;
    this.#current = null;
    if (name !== null) this.#report({ name, state: "skipped", ms: 0, facts: {} });
  }

  /** All steps in order, those that were not reached as skipped. */
  reports(): StepReport[] {
    return stepNames.map((name) => this.#done.get(name) ?? { name, state: "skipped", ms: 0, facts: {} });
  }

  /** Forgets the steps: the attempt begins anew over another transport, in the same time. */
  restart(): void {
    this.#current = null;
    this.#done.clear();
  }

  /** Waits for `work`, or throws the `AttemptStopped` when that comes first. */
  async within<T>(work: Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    try {
      return await Promise.race([work, this.#stopped]);
    } finally {
      // What lost the race may still fail; nobody waits for it any more.
      work.catch(() => {});
    }
  }

  /**
   * Tells the listener. One that throws has gone away (a browser that left): that ends the attempt, not the process,
   * as some steps are taken inside a socket's events.
   */
  tell(event: AttemptEvent): void {
    try {
      this.#onEvent(event);
    } catch {
      this.#cancelled();
    }
  }

  /** Stops the clocks. */
  end(): void {
    clearTimeout(this.#wholeTimer);
    clearTimeout(this.#stepTimer);
    this.#callerSignal?.removeEventListener("abort", this.#cancelled);
  }

  #leave(name: StepName, state: "passed" | "failed"): void {
    clearTimeout(this.#stepTimer);
    this.#current = null;
    this.#report({ name, state, ms: performance.now() - this.#stepStartedAt, facts: this.#facts });
  }

  #report(step: StepReport): void {
    const rounded = { ...step, ms: roundedMs(step.ms) };
    this.#done.set(step.name, rounded);
    this.tell({ type: "step", step: rounded });
  }

  #timeOut(limitMs: number): void {
    this.#stop.abort(new AttemptStopped("timeout", limitMs));
  }
}
