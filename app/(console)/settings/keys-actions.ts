"use server";

import { getTranslations } from "next-intl/server";
import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { auditSubject } from "#app/_server/audit-subject.ts";
import { finishRotation } from "#app/_server/finish-rotation.ts";
import { actionActor } from "#app/_server/guard.ts";
import { log } from "#app/_server/log.ts";
import { workspace } from "#app/_server/workspace.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";
import { newPassphrase } from "#lib/team/vault-passphrase.ts";
import { renewDataKey } from "#lib/vault/key-rotation.ts";
import { changeSlots, slotFacts } from "#lib/vault/key-slots.ts";
import { confirmOwnPassword } from "../connections/confirm-actions.ts";

const password = z.string().max(256);
const confirmed = z.strictObject({ password });
const added = z.strictObject({ password, passphrase: z.string().max(256) });
const removed = z.strictObject({ password, id: z.string().regex(/^[0-9a-f]{8}$/) });

/** Lets a passphrase open the vault as well. The caller's own password is asked for. */
export async function addPassphrase(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = added.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "key" }));
  const key = newPassphrase(new Secret(parsed.data.passphrase));
  if (!key.ok) return refuseKey(key.problem);
  const same = await confirmOwnPassword(parsed.data.password);
  if (!same.ok) return same;
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, vault } = opened.value;
  const changed = await audit.during(await auditSubject(actor.value), { action: "key-add" }, () =>
    changeSlots(vault, { add: key.value }),
  );
  return changed.ok ? answer(null) : refuseKey(changed.problem);
}

/** Takes away a way into the vault; the console's own stays. The caller's own password is asked for. */
export async function removeKey(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = removed.safeParse(input);
  if (!parsed.success) return refuse(problem("not-found"));
  const same = await confirmOwnPassword(parsed.data.password);
  if (!same.ok) return same;
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, vault } = opened.value;
  const now = await vault.read();
  if (!now.ok) return refuse(now.problem);
  const slot = slotFacts(now.value).find(({ id }) => id === parsed.data.id);
  if (slot === undefined) return refuse(problem("not-found"));
  const changed = await audit.during(
    await auditSubject(actor.value),
    { action: "key-remove", object: slot.id },
    () => changeSlots(vault, { remove: new Set([slot.kid]) }),
  );
  return changed.ok ? answer(null) : refuseKey(changed.problem);
}

/** Renews the data key and seals everything with it. The caller's own password is asked for. */
export async function rotateDataKey(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("vault:manage");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = confirmed.safeParse(input);
  if (!parsed.success) return refuse(problem("setting-invalid", { field: "password" }));
  const same = await confirmOwnPassword(parsed.data.password);
  if (!same.ok) return same;
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { audit, vault } = opened.value;
  const renewed = await audit.during(await auditSubject(actor.value), { action: "key-rotate" }, () =>
    renewDataKey(vault),
  );
  if (!renewed.ok) return refuseKey(renewed.problem);
  // The key is renewed; what is left is tried again every few minutes.
  const rest = await finishRotation(opened.value);
  if (!rest.ok) log().warn({ problem: rest.problem.code }, "the data key's rotation is not finished");
  return answer(null);
}

/** What cannot be has words of its own, the same as on the command line. */
async function refuseKey(found: Problem): Promise<Answer<never>> {
  const { field, reason } = found.facts;
  const refusal = await refuse(found);
  if (found.code !== "setting-invalid" || refusal.ok || typeof reason !== "string") return refusal;
  const t = await getTranslations();
  const name = field === "password" ? `access.password.${reason}` : `keys.refused.${reason}`;
  return { ok: false, explained: { ...refusal.explained, title: t(name as never), fix: "" } };
}
