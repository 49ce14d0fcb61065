"use server";

import { z } from "zod";
import { type Answer, answer, refuse } from "#app/_server/answer.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { actionActor } from "#app/_server/guard.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";

const asked = z.tuple([z.string().min(1).max(100), z.int().min(0)]);

/**
 * The caller has seen to where somebody else moved a connection.
 * @param rev of the last move that was shown
 */
export async function seeMoves(id: unknown, rev: unknown): Promise<Answer<null>> {
  const actor = await actionActor("connections:use");
  if (!actor.ok) return refuse(actor.problem);
  const parsed = asked.safeParse([id, rev]);
  if (!parsed.success) return refuse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return refuse(opened.problem);
  const found = await findConnection(opened.value, actor.value, parsed.data[0]);
  if (!found.ok) return refuse(found.problem);
  if (found.value === undefined) return refuse(problem("not-found"));
  const seen = await opened.value.moves.see(found.value.rootId, actor.value.id, parsed.data[1]);
  return seen.ok ? answer(null) : refuse(seen.problem);
}
