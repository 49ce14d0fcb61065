import { getLocale } from "next-intl/server";
import { z } from "zod";
import { explain } from "#app/_server/answer.ts";
import { findConnection } from "#app/_server/find-connection.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { formValues } from "#lib/profiles/profile-view.ts";
import { mostCharacters } from "#lib/settings/fields.ts";
import { trustSources } from "#lib/settings/form-values.ts";
import { isPinned, rootsToCarry } from "#lib/trust/roots-to-carry.ts";
import { type Locale, loadMessages, locales } from "#messages/load-messages.ts";

const question = z.discriminatedUnion("want", [
  /** A connection's values, without its secrets. */
  z.strictObject({ want: z.literal("saved"), id: z.string().min(1).max(100) }),
  /** What a form's own CA is. */
  z.strictObject({ want: z.literal("form"), ca: z.string().max(mostCharacters.ca) }),
  /** The roots that a chosen trust stands for. */
  z.strictObject({
    want: z.literal("roots"),
    trust: z.enum(trustSources).exclude(["own"]),
    host: z.string().max(mostCharacters.text),
  }),
]);

/** What "Copy as" needs and the page does not have: words, a saved connection's values, roots. Nothing is kept. */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:use");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, question, 2 * mostCharacters.ca);
  if (!body.ok) return problemResponse(body.problem);
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const asked = body.value;
  switch (asked.want) {
    case "form":
      return unstored({ pinned: isPinned(asked.ca), words: await words() });
    case "roots": {
      const found = await rootsToCarry(asked, opened.value.trustStores);
      if (found.ok) return unstored({ roots: found.value });
      return unstored({ title: (await explain(found.problem)).title });
    }
    case "saved": {
      const found = await findConnection(opened.value, actor, asked.id);
      if (!found.ok) return problemResponse(found.problem);
      if (found.value === undefined) return problemResponse(problem("not-found"));
      const values = formValues(found.value.profile);
      return unstored({ values, pinned: isPinned(values.ca), words: await words() });
    }
  }
}

/** In the reader's language; fetched with the dialog, so that no page carries them. */
async function words() {
  const asked = await getLocale();
  const locale: Locale = locales.find((known) => known === asked) ?? "en";
  return { locale, copyAs: (await loadMessages(locale)).copyAs };
}

function unstored(value: object): Response {
  return Response.json(value, { headers: { "Cache-Control": "no-store" } });
}
