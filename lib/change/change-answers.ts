import "server-only";
import { createHash } from "node:crypto";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import { processWide } from "#lib/process-wide.ts";
import type { ChangeAnswer, ChangeSet } from "./shapes.ts";

/** What became of sets that were applied, for whoever has lost the answer. One a process. */
export function changeAnswers(): ChangeAnswers {
  return processWide("change-answers", () => new ChangeAnswers());
}

/** For how long an answer is kept, ms, and how many of them: what was stored stands in each. */
const keptMs = 10 * 60_000;
const mostKept = 50;

interface Kept {
  readonly owner: string;
  readonly fingerprint: string;
  readonly answer: Promise<Result<ChangeAnswer>>;
  readonly at: number;
  /** What has not ended yet is kept whatever comes: without it, it would be done twice. */
  hasEnded: boolean;
}

/** Keeps a set from being applied twice: the second time it is answered what became of the first. */
export class ChangeAnswers {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Applies a set, unless one of the same id was: then that is waited for, and its answer given. A set that changed nothing
   * is not remembered.
   * @param owner whose it is, and at which connection
   * @returns `setting-invalid` for another set of the same id
   */
  async once(
    owner: string,
    set: ChangeSet,
    apply: () => Promise<Result<ChangeAnswer>>,
  ): Promise<Result<ChangeAnswer, Problem>> {
    this.#sweep();
    const key = `${owner}:${set.id}`;
    const fingerprint = createHash("sha256").update(JSON.stringify(set)).digest("hex");
    for (let known = this.#kept.get(key); known !== undefined; known = this.#kept.get(key)) {
      if (known.fingerprint !== fingerprint) return failed(problem("setting-invalid", { field: "id" }));
      const told = await known.answer.catch(() => undefined);
      if (told !== undefined && mayBeDone(told)) return told;
      // It changed nothing: whoever left before it was done, say, comes back for it.
      if (this.#kept.get(key) === known) this.#kept.delete(key);
    }
    const answer = apply();
    const kept = { owner, fingerprint, answer, at: this.#now(), hasEnded: false };
    this.#kept.set(key, kept);
    const told = await answer.catch(() => undefined);
    kept.hasEnded = true;
    if ((told === undefined || !mayBeDone(told)) && this.#kept.get(key) === kept) this.#kept.delete(key);
    return answer;
  }

  /** Who keeps the most loses the oldest: nobody pushes another's out. */
  #sweep(): void {
    for (const [key, { at, hasEnded }] of this.#kept)
      if (hasEnded && this.#now() - at > keptMs) this.#kept.delete(key);
    const left = [...this.#kept].filter(([, { hasEnded }]) => hasEnded);
    while (left.length >= mostKept) {
      const counts = new Map<string, number>();
      for (const [, { owner }] of left) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      const most = Math.max(...counts.values());
      const [gone] = left.splice(
        left.findIndex(([, { owner }]) => counts.get(owner) === most),
        1,
      );
      if (gone !== undefined) this.#kept.delete(gone[0]);
    }
  }
}

function mayBeDone(answer: Result<ChangeAnswer>): boolean {
  return answer.ok && (answer.value.outcome === "applied" || answer.value.outcome === "unknown");
}
