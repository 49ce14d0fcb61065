import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { findConnections } from "#app/(console)/palette/find-connections.ts";
import { findProblemsHere } from "#app/(console)/palette/find-problems-here.ts";
import type { PaletteFound } from "#app/(console)/palette/palette-entry.ts";
import { paletteIndex } from "#app/(console)/palette/palette-index.ts";
import { problem } from "#lib/problems/problem.ts";

const question = z.object({
  search: z.string().max(200),
  recent: z
    .string()
    .max(2000)
    .default("")
    .transform((ids) => ids.split(",").filter((id) => id !== "")),
});

/**
 * What the command palette finds: `?search=&recent=ID,ID` the connections that the caller may see, and the problems that
 * the search is about; without `search` everything else, with the palette's own words.
 */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:read");
  if (actor instanceof Response) return actor;
  const asked = Object.fromEntries(new URL(request.url).searchParams);
  if (asked.search === undefined) return unstored(await paletteIndex(actor));
  const parsed = question.safeParse(asked);
  if (!parsed.success) return problemResponse(problem("setting-invalid", { field: "search" }));
  return unstored({
    connections: await findConnections(actor, parsed.data),
    problems: await findProblemsHere(parsed.data.search, parsed.data.recent),
  } satisfies PaletteFound);
}

function unstored(value: object): Response {
  return Response.json(value, { headers: { "Cache-Control": "no-store" } });
}
