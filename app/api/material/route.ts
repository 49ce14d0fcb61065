import { z } from "zod";
import { attempts } from "#app/_server/attempts.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { materialBoxes } from "#lib/certificates/material-boxes.ts";
import { readMaterial } from "#lib/certificates/read-material.ts";
import { KeyOpener } from "#lib/certificates/unlock-key.ts";
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
  const isKey = box === "clientKey";
  // Facts cost next to nothing; a passphrase may cost what the key says.
  const counted = isKey && passphrase !== "" ? attempts().read(actor.id) : undefined;
  if (counted?.ok === false) return problemResponse(counted.problem);
  const secret = new Secret(text);
  const opened = isKey
    ? await new KeyOpener().openText(secret, passphrase === "" ? undefined : new Secret(passphrase))
    : undefined;
  const facts = readMaterial(box, isKey ? secret : text, {
    opened,
    certificate: certificate === "" ? undefined : certificate,
  });
  return Response.json(facts, { headers: { "Cache-Control": "no-store" } });
}
