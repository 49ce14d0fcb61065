import { z } from "zod";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { materialBoxes, pemBlocks } from "#lib/certificates/pem-kind.ts";
import { readMaterial } from "#lib/certificates/read-material.ts";
import { RequestBudget } from "#lib/certificates/request-budget.ts";
import { unlockKey } from "#lib/certificates/unlock-key.ts";
import { Secret } from "#lib/secret.ts";
import { mostCharacters } from "#lib/settings/fields.ts";

const question = z.strictObject({
  box: z.enum(materialBoxes),
  text: z.string().max(mostCharacters.ca),
  passphrase: z.string().max(mostCharacters.secret).optional(),
  certificate: z.string().max(mostCharacters.pem).optional(),
});

/** The largest bundle, its JSON escapes, and a client certificate beside it. */
const mostBytes = 1_200_000;

/** What a pasted or chosen text holds: facts alone. Nothing is kept, and no key comes back. */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:test");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, question, mostBytes);
  if (!body.ok) return problemResponse(body.problem);
  const { box, text, passphrase = "", certificate = "" } = body.value;
  const given = { passphrase: passphrase === "" ? undefined : new Secret(passphrase) };
  const key = box === "clientKey" ? pemBlocks(text).find((block) => block.kind === "private-key") : undefined;
  const facts = readMaterial(box, box === "clientKey" ? new Secret(text) : text, {
    ...given,
    opened: key?.state === "whole" ? await unlockKey(key, given.passphrase, new RequestBudget()) : undefined,
    certificate: certificate === "" ? undefined : certificate,
  });
  return Response.json(facts, { headers: { "Cache-Control": "no-store" } });
}
