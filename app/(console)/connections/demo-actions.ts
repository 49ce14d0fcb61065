"use server";

import { revalidatePath } from "next/cache";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { demoDismissals, demoNotes } from "#app/_server/demo.ts";
import { actionActor } from "#app/_server/guard.ts";
import { problem } from "#lib/problems/problem.ts";
import type { FormChange } from "#lib/settings/form-values.ts";

/** The demo's own client certificate with its key, as a change of the form. Every other console has none. */
export async function demoClientCertificate(): Promise<Answer<FormChange>> {
  const actor = await actionActor("connections:save");
  if (!actor.ok) return refuse(actor.problem);
  const notes = await demoNotes();
  if (notes === undefined) return refuse(problem("not-found"));
  const { certificate, key, passphrase } = notes.client;
  return answer({
    signIn: "certificate",
    clientCertificate: certificate,
    clientKey: key,
    keyPassphrase: passphrase,
  });
}

/** Takes the demo's card off the caller's list, for as long as the demo runs. */
export async function dismissDemo(): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  demoDismissals().add(actor.value.id);
  revalidatePath("/connections");
  return answer(null);
}
