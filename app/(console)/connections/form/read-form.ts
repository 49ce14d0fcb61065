import "server-only";
import { explain } from "#app/_server/answer.ts";
import { mayAlso } from "#app/_server/guard.ts";
import { leaderOf } from "#app/_server/leader-of.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import { fieldProblem } from "#lib/problems/field-problem.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import { type LeadAnswer, type Leader, mayLeadHost, mayLeadSecret } from "#lib/profiles/may-lead.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { hostCredentialsAtRisk, secretsAtRisk } from "#lib/profiles/secrets-at-risk.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { SecretField } from "#lib/settings/form-values.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/** A form that may be tried or saved. */
export interface FormRead {
  readonly draft: ProfileDraft;
  /** The provider roots that people gave. */
  readonly given: GivenRoots;
  /** Whether whoever sent it may lead a stored secret on, as it was decided for this draft. */
  readonly mayLead: (field: SecretField) => LeadAnswer;
  /**
   * The stored secrets that go where they did not go before, because their giver wants it; `host-credentials` for those
   * of the host.
   */
  readonly led: readonly (SecretField | "host-credentials")[];
  /** What opened its key, for what else of the request parses it. */
  readonly keys: KeyOpener;
}

/**
 * The form as it arrived, at the door: parsed, and held against what its sender may do.
 * @param previous the saved connection that is being edited
 * @param keys     what opens its key
 * @returns the form, or the answer to give
 */
export async function readForm(
  actor: Actor,
  { givenRoots, sessions }: Workspace,
  values: unknown,
  previous?: ConnectionProfile,
  keys: KeyOpener = new KeyOpener(),
): Promise<Result<FormRead, Refusal>> {
  const given = await givenRoots.kinds();
  if (!given.ok) return failed(await refused(given.problem));
  const leader = await leaderOf(actor, sessions);
  const mayLead = leadRule(leader, previous);
  const draft = await draftFor(actor, leader, values, previous, given.value, keys);
  if (!draft.ok) return failed({ type: "fields", problems: draft.problem });
  const led = [
    ...(previous === undefined ? [] : secretsAtRisk(draft.value, previous)),
    ...(hostCredentialsAtRisk(draft.value, previous) ? (["host-credentials"] as const) : []),
  ];
  return ok({ draft: draft.value, given: given.value, mayLead, led, keys });
}

/** The same for one form of several, whose keys are opened on one budget. */
export async function draftFor(
  actor: Actor,
  leader: Leader,
  values: unknown,
  previous: ConnectionProfile | undefined,
  given: GivenRoots,
  keys: KeyOpener,
): Promise<Result<ProfileDraft, FieldProblems>> {
  const rule = leadRule(leader, previous);
  const parsed = await parseProfileForm(values, previous, new Date(), given, rule, keys);
  if (!parsed.ok || !hostCredentialsAtRisk(parsed.value, previous)) return parsed;
  const answer = mayLeadHost(leader, Date.now());
  if (answer === "lead") return parsed;
  // Noted as a refusal where it is one for good.
  if (answer === "give") mayAlso(actor, "host-credentials:use");
  const reason = answer === "confirm" ? "token-credentials-confirm" : "token-credentials-of-host";
  return failed({ fields: { tokenCredentials: fieldProblem(reason) } });
}

function leadRule(leader: Leader, previous: ConnectionProfile | undefined): FormRead["mayLead"] {
  return (field) => mayLeadSecret(previous?.givenBy?.[field], leader, Date.now());
}

/** What every action with a form can answer. */
export type Refusal =
  | { readonly type: "fields"; readonly problems: FieldProblems }
  | Awaited<ReturnType<typeof refused>>;

export async function refused(found: Problem) {
  return { type: "problem", explained: await explain(found) } as const;
}
