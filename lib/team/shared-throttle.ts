import "server-only";
import { createHmac } from "node:crypto";
import { z } from "zod";
import { problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import type { NamedDocument } from "#lib/vault/named-document.ts";
import { type Admission, type AdmissionReceipt, type Attempt, type KeptTries, throttle } from "./throttle.ts";

/** The one throttle of all consoles on a store, which a restart does not empty: see `throttle` for what it counts. */
export interface SharedThrottle {
  /**
   * Takes one try, or answers `too-many-attempts` with `retryAfter`; or what keeps it from being counted: then it is not
   * taken. Whoever tries waits for the count to be kept, those that come together for the same writing; a try that is
   * refused writes nothing.
   */
  ask(attempt: Attempt): Promise<Result<SharedAdmission>>;
}

/** Its success is told to the store a moment later, or with the next try: nobody waits for that. */
export type SharedAdmission = Pick<Admission, "succeeded">;

/**
 * So many counts of a kind are kept, some 40 kB: all strangers together have one try a second, so that this is many
 * minutes of names that all differ. Then those go that failed least.
 */
const mostCounts = 500;
/** Who has just signed in writes a session: what they are forgiven waits until that is done, ms. */
const forgivenAfter = 1000;

export interface SharedThrottleSettings {
  /** A replaceable one of the vault; nobody else writes there. */
  readonly document: Pick<NamedDocument, "read" | "change">;
  /** A key of its own: what is kept names nobody. */
  readonly key: Buffer;
  /** Milliseconds since 1970 by a clock that only goes forward: setting the computer's time changes nothing. */
  readonly now?: () => number;
  /** Left out but in tests. */
  readonly most?: number;
}

export function sharedThrottle({
  document,
  key,
  now = forwardClock(),
  most = mostCounts,
}: SharedThrottleSettings): SharedThrottle {
  const nameOf = (name: string) => createHmac("sha256", key).update(name).digest("base64url").slice(0, 16);
  const throttleFrom = (value: unknown) => throttle(now, { kept: readKept(value), nameOf });
  let asking: Asking[] = [];
  let forgiven: AdmissionReceipt[] = [];
  let isWriting = false;
  let timer: NodeJS.Timeout | undefined;

  /** One writing after another; what comes meanwhile goes together with the next. */
  function write(): void {
    if (isWriting) return;
    isWriting = true;
    clearTimeout(timer);
    const [tries, right] = [asking, forgiven];
    [asking, forgiven] = [[], []];
    count(tries, right)
      .catch((error: unknown) => {
        for (const { fail } of tries) fail(error);
      })
      .finally(() => {
        isWriting = false;
        if (asking.length > 0) write();
        else if (forgiven.length > 0) writeLater();
      });
  }

  function writeLater(): void {
    clearTimeout(timer);
    timer = setTimeout(write, forgivenAfter);
    timer.unref();
  }

  async function count(tries: readonly Asking[], right: readonly AdmissionReceipt[]): Promise<void> {
    let answers: readonly Result<Admission>[] = [];
    const changed = await document.change((value) => {
      const gate = throttleFrom(value);
      for (const receipt of right) gate.forgive(receipt);
      answers = tries.map(({ attempt }) => gate.ask(attempt));
      const isSame = right.length === 0 && answers.every((answer) => !answer.ok);
      return isSame ? value : { v: 1, ...gate.kept(most) };
    });
    if (!changed.ok) forgiven = [...right, ...forgiven].slice(-most);
    for (const [index, { settle }] of tries.entries()) settle(changed.ok ? answers[index] : changed);
  }

  return {
    async ask(attempt) {
      // A refusal is to cost no more than a look: whoever hammers keeps nobody else from writing.
      const kept = await document.read();
      const gate = throttleFrom(kept.ok ? kept.value : undefined);
      for (const receipt of forgiven) gate.forgive(receipt);
      const refused = gate.ask(attempt);
      if (!refused.ok) return refused;
      const answer = await new Promise<Result<Admission> | undefined>((settle, fail) => {
        asking.push({ attempt, settle, fail });
        write();
      });
      if (answer === undefined) return failed(problem("unexpected"));
      if (!answer.ok) return answer;
      const { receipt } = answer.value;
      return ok({
        succeeded() {
          forgiven.push(receipt);
          writeLater();
        },
      });
    },
  };
}

interface Asking {
  readonly attempt: Attempt;
  readonly settle: (answer: Result<Admission> | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** The wall clock as it was at the start, and on from there by the clock that nobody can set. */
function forwardClock(): () => number {
  const start = Date.now() - performance.now();
  return () => Math.round(start + performance.now());
}

const keptCount = z.tuple([z.string(), z.number(), z.number(), z.number(), z.string()]);
const keptBucket = z.tuple([z.number(), z.number()]);
const keptTries = z.strictObject({
  v: z.literal(1),
  devices: z.array(keptCount),
  pairs: z.array(keptCount),
  sources: z.array(keptCount),
  accounts: z.array(z.tuple([z.string(), keptBucket])),
  known: keptBucket.optional(),
  strangers: keptBucket.optional(),
});

function readKept(value: unknown): KeptTries | undefined {
  const parsed = keptTries.safeParse(value);
  if (!parsed.success) return undefined;
  const { known, strangers, ...counts } = parsed.data;
  return { ...counts, known, strangers };
}
