import { handlerActor } from "#app/_server/guard.ts";
import { storeAwayWords } from "#app/_server/store-away-words.ts";

/** What the bar of every page says while the store does not answer: `{ words }`, null while it does. */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:read");
  if (actor instanceof Response) return actor;
  return Response.json({ words: await storeAwayWords() }, { headers: { "Cache-Control": "no-store" } });
}
