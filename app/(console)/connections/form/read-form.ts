import "server-only";
import { explain } from "#app/_server/answer.ts";
import { mayAlso } from "#app/_server/guard.ts";
import { type FieldProblems, fieldProblem } from "#lib/problems/field-problems.ts";
import type { Problem } from "#lib/problems/problem.ts";
import { failed, ok, type Result } from "#lib/problems/result.ts";
import { parseProfileForm } from "#lib/profiles/form.ts";
import type { ConnectionProfile, ProfileDraft } from "#lib/profiles/profile.ts";
import { hostCredentialsAtRisk } from "#lib/profiles/secrets-at-risk.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import type { Actor } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

/**
 * The form as it arrived, at the door: parsed, and held against what its sender may do.
 * @param previous the saved connection that is being edited
 * @returns the draft, and the provider roots that people gave; or the answer to give
 */
export async function readForm(
  actor: Actor,
  { givenRoots }: Workspace,
  values: unknown,
  previous?: ConnectionProfile,
): Promise<Result<{ readonly draft: ProfileDraft; readonly given: GivenRoots }, Refusal>> {
  const given = await givenRoots.kinds();
  if (!given.ok) return failed(await refused(given.problem));
  const draft = draftFor(actor, values, previous, given.value);
  return draft.ok
    ? ok({ draft: draft.value, given: given.value })
    : failed({ type: "fields", problems: draft.problem });
}

/** The same for one form of several. */
export function draftFor(
  actor: Actor,
  values: unknown,
  previous: ConnectionProfile | undefined,
  given: GivenRoots,
): Result<ProfileDraft, FieldProblems> {
  const parsed = parseProfileForm(values, previous, new Date(), given);
  if (!parsed.ok || !hostCredentialsAtRisk(parsed.value, previous)) return parsed;
  if (mayAlso(actor, "host-credentials:use")) return parsed;
  return failed({ fields: { tokenCredentials: fieldProblem("token-credentials-of-host") } });
}

/** What every action with a form can answer. */
export type Refusal =
  | { readonly type: "fields"; readonly problems: FieldProblems }
  | Awaited<ReturnType<typeof refused>>;

export async function refused(found: Problem) {
  return { type: "problem", explained: await explain(found) } as const;
}
