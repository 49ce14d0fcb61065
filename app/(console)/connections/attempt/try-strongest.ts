import "server-only";
import { explainer } from "#app/_server/answer.ts";
import { attempts } from "#app/_server/attempts.ts";
import type { KeyOpener } from "#lib/certificates/unlock-key.ts";
import { type ConnectOptions, testConnection } from "#lib/connect/connect.ts";
import { type Next, nextStep, type Step, type Tried } from "#lib/connect/strongest-settings.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { failed, type Result } from "#lib/problems/result.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { type FormChange, type FormValues, signedOut } from "#lib/settings/form-values.ts";
import type { FormRead } from "../form/read-form.ts";
import type { StrongestAnswer } from "./strongest-answer.ts";

interface Ask {
  readonly userId: string;
  readonly attemptId: string;
  /** As the form sent them, and they parsed. */
  readonly values: FormValues;
  readonly previous: ConnectionProfile | undefined;
  readonly loopback: boolean;
  /** The provider roots that people gave. */
  readonly given: GivenRoots;
  /** Whether whoever asks may lead a stored secret on. */
  readonly mayLead: FormRead["mayLead"];
  /** What opened the form's key already. */
  readonly keys: KeyOpener;
  readonly dial: Pick<ConnectOptions, "network" | "trustStore">;
}

/**
 * Tries the form with the safest settings, then with less, until one connects. Each try counts as a test of its own;
 * a cancel of the attempt ends the try that runs and makes no other.
 */
export async function tryStrongest(ask: Ask): Promise<StrongestAnswer> {
  const explain = await explainer();
  const tried: Tried[] = [];
  try {
    for (;;) {
      const next = nextStep(ask.values, tried);
      if (next.type === "stuck") {
        return { type: "stuck", explained: explain(next.problem), tries: tried.length };
      }
      if (next.type === "found") return foundAnswer(next, ask.values, tried.length, explain);
      const met = await tryStep(ask, next.step);
      if (!met.ok) return { type: "problem", explained: explain(met.problem) };
      if (met.value?.code === "cancelled") return { type: "cancelled" };
      tried.push({ step: next.step, problem: met.value });
    }
  } finally {
    attempts().end(ask.userId, ask.attemptId);
  }
}

async function tryStep(ask: Ask, step: Step): Promise<Result<Problem | null>> {
  const draft = await draftOf(ask, step);
  if (draft === undefined) return failed(problem("setting-invalid", { field: "form" }));
  const begun = attempts().begin(ask.userId, ask.attemptId, ask.loopback);
  if (!begun.ok) return begun;
  const report = await testConnection(draft, { ...ask.dial, signal: begun.value });
  return { ok: true, value: report.problem };
}

/** A stored password that must not go along with other settings (`secret-again`) stays behind, too. */
async function draftOf(
  { values, previous, given, mayLead, keys }: Ask,
  step: Step,
): Promise<ProfileDraft | undefined> {
  const changed = { ...values, ...step.change };
  const whole = step.withPassword
    ? await parseProfileForm(changed, previous, new Date(), given, mayLead, keys)
    : undefined;
  if (whole?.ok) return whole.value;
  const bare: FormValues = { ...changed, ...signedOut };
  const without = await parseProfileForm(bare, previous, new Date(), given, undefined, keys);
  return without.ok ? without.value : undefined;
}

function foundAnswer(
  { change, reasons, open, compare }: Extract<Next, { readonly type: "found" }>,
  values: FormValues,
  tries: number,
  explain: Awaited<ReturnType<typeof explainer>>,
): StrongestAnswer {
  const fields = Object.keys(change) as (keyof FormChange)[];
  return {
    type: "found",
    change: Object.fromEntries(
      fields.filter((name) => change[name] !== values[name]).map((name) => [name, change[name]]),
    ),
    reasons: reasons.map((code) => ({ code, title: explain(problem(code)).title })),
    open: open === null ? null : explain(open),
    compare: compare ?? null,
    tries,
  };
}
