"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { themes } from "#lib/team/preference-values.ts";

/** Chooses one's own theme; every other preference stays. */
export async function chooseTheme(input: unknown): Promise<Answer<null>> {
  const actor = await actionActor("own:settings");
  if (!actor.ok) return refuse(actor.problem);
  const theme = z.enum(themes).safeParse(input);
  if (!theme.success) return refuse(problem("setting-invalid", { field: "theme" }));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const { preferences } = opened.value;
  const chosen = await preferences.of(actor.value.id);
  if (!chosen.ok) return refuse(chosen.problem);
  const saved = await preferences.save(actor.value.id, { ...chosen.value, theme: theme.data });
  if (!saved.ok) return refuse(saved.problem);
  revalidatePath("/", "layout");
  return answer(null);
}
