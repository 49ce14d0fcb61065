import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { attempts } from "#app/_server/attempts.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { explainedResponse } from "#app/_server/explained-response.ts";
import { handlerActor, mayAlso } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { leaderOf } from "#app/_server/leader-of.ts";
import { workspace } from "#app/_server/workspace.ts";
import type { ImportAnswered, ShownEntry } from "#app/(console)/settings/carry/carry-answers.ts";
import { recipientOf } from "#lib/carry/age-file.ts";
import { bringIn } from "#lib/carry/bring-in.ts";
import {
  conflictChoices,
  type ImportPlan,
  isWhole,
  planImport,
  wantsConfirmation,
} from "#lib/carry/import-plan.ts";
import { planLines, stateOf } from "#lib/carry/plan-lines.ts";
import { type CarriedContent, mostCarried, readCarried } from "#lib/carry/read-carried.ts";
import { vaultIdentity } from "#lib/carry/vault-identity.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Translate } from "#lib/problems/words.ts";
import { mayLeadHost, mayLeadSecret } from "#lib/profiles/may-lead.ts";
import type { GivenRoots } from "#lib/providers/roots-kind.ts";
import { Secret } from "#lib/secret.ts";
import { closeAllOf } from "#lib/session/close-clients.ts";
import { type Actor, can, levelOf } from "#lib/team/access.ts";
import type { Workspace } from "#lib/workspace.ts";

const base64 = z.base64().max(1_400_000);
const question = z.strictObject({
  file: base64,
  /** DBeaver's, beside its list. */
  credentials: base64.optional(),
  passphrase: z.string().max(1024),
  /** Of connections that name none. */
  user: z.string().max(1024),
  onConflict: z.enum(conflictChoices),
  /** For some of them, by their place in the file. */
  choices: z.array(z.tuple([z.int().min(0), z.enum(conflictChoices)])).max(mostCarried),
  /** False: only says what would happen. */
  write: z.boolean(),
});
type Question = z.infer<typeof question>;

/** The framework keeps at most 2 MB of a body in front of any handler. */
const mostBytes = 1_900_000;

/** What another console seals connections to, so that this one alone opens them: a public key. */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:save");
  if (actor instanceof Response) return actor;
  const opened = await workspace();
  if (!opened.ok) return explainedResponse(opened.problem);
  return Response.json(
    { recipient: await recipientOf(await vaultIdentity(opened.value.vault)) },
    { headers: noStore },
  );
}

/**
 * Says what an import of a file would do; or does it, all of it or nothing. The file comes again for that: nothing of it
 * is kept in between. Whoever imports manages what is new.
 */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:save");
  if (actor instanceof Response) return actor;
  const counted = attempts().read(actor.id);
  if (!counted.ok) return explainedResponse(counted.problem);
  const body = await jsonBody(request, question, mostBytes);
  if (!body.ok) return explainedResponse(body.problem);
  const opened = await workspace();
  if (!opened.ok) return explainedResponse(opened.problem);
  const roots = await opened.value.givenRoots.kinds();
  if (!roots.ok) return explainedResponse(roots.problem);
  const content = await contentOf(opened.value, body.value, roots.value);
  if (!content.ok) return explainedResponse(content.problem);
  const plan = await planFor(opened.value, actor, {
    content: content.value,
    asked: body.value,
    roots: roots.value,
  });
  if (!plan.ok) return explainedResponse(plan.problem);
  const { entries, create, over } = plan.value;
  const t = await getTranslations();
  const say: Translate = (key, facts) => t(key as never, facts as never);
  const shown = entries.map((entry): ShownEntry => {
    const { name, mode, outcome, act, choices } = entry;
    const place = entry.place === "" ? "" : `${entry.place} · sslmode=${mode}`;
    return { name, place, outcome, act, choices, state: stateOf(entry, say), lines: planLines(entry, say) };
  });
  const { source, sealed } = content.value;
  const answer = { source, sealed, entries: shown, wantsConfirmation: wantsConfirmation(plan.value) };
  // What was chosen is done, all of it, or nothing is.
  if (!body.value.write || !isWhole(plan.value) || create.length + over.length === 0)
    return Response.json({ ...answer, created: null } satisfies ImportAnswered, { headers: noStore });
  const done = await bringIn(plan.value, opened.value, await auditSubject(actor), actor.id);
  if (!done.ok) return explainedResponse(done.problem);
  for (const { id } of over) closeAllOf(id);
  const created = done.value.map(({ id }) => id);
  return Response.json({ ...answer, created } satisfies ImportAnswered, { headers: noStore });
}

const noStore = { "Cache-Control": "no-store" };

async function contentOf(
  { vault }: Workspace,
  { file, credentials, passphrase, user }: Question,
  roots: GivenRoots,
): Promise<Result<CarriedContent>> {
  return readCarried({
    bytes: Buffer.from(file, "base64"),
    credentials: credentials === undefined ? undefined : Buffer.from(credentials, "base64"),
    keys: {
      identity: await vaultIdentity(vault),
      passphrase: passphrase === "" ? undefined : new Secret(passphrase),
    },
    roots,
    user: user.trim() === "" ? undefined : user.trim(),
  });
}

async function planFor(
  { profiles, labels, grants, sessions }: Workspace,
  actor: Actor,
  {
    content,
    asked,
    roots,
  }: { readonly content: CarriedContent; readonly asked: Question; readonly roots: GivenRoots },
): Promise<Result<ImportPlan>> {
  const [all, belongings, book] = [await profiles.list(), await labels.all(), await grants.read()];
  if (!all.ok) return all;
  if (!belongings.ok) return belongings;
  if (!book.ok) return book;
  const leader = await leaderOf(actor, sessions);
  const manages = (id: string) => can(actor, "connection:manage", { grants: book.value.of(id) });
  return planImport(content.entries, {
    existing: all.value.filter(({ id }) => levelOf(actor, book.value.of(id)) !== "none"),
    labels: belongings.value,
    mayReplace: manages,
    open: async (id) => (manages(id) ? profiles.open(id) : ok(undefined)),
    roots,
    mayLead: (field, previous) => mayLeadSecret(previous.givenBy?.[field], leader, Date.now()),
    mayLeadHost: () => {
      const answer = mayLeadHost(leader, Date.now());
      // Noted as a refusal where it is one for good.
      if (answer === "give" && asked.write) mayAlso(actor, "host-credentials:use");
      return answer;
    },
    onConflict: asked.onConflict,
    choices: new Map(asked.choices),
    keys: new KeyOpener(),
  });
}
