import { z } from "zod";
import { attempts } from "#app/_server/attempts.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { materialBoxes } from "#lib/certificates/material-boxes.ts";
import { sortMaterial } from "#lib/certificates/sort-material.ts";
import { mostGivenBytes, mostGivenFiles, type SortAnswer } from "#lib/certificates/sorted-facts.ts";
import { Secret } from "#lib/secret.ts";
import { mostCharacters } from "#lib/settings/fields.ts";

const given = z.strictObject({
  files: z
    .array(z.strictObject({ name: z.string().max(1024), base64: z.string() }))
    .min(1)
    .max(mostGivenFiles),
  password: z.string().max(mostCharacters.secret).optional(),
  into: z.enum(materialBoxes).optional(),
});

/** The files in base64, their names, and a password. */
const mostBytes = Math.ceil((mostGivenBytes * 4) / 3) + 64 * 1024;

/**
 * Sorts files into the boxes of the form. The key that was in them goes back to the page that sent them, because it
 * is the form that holds it until it is saved; here nothing is kept.
 */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "connections:test");
  if (actor instanceof Response) return actor;
  const counted = attempts().read(actor.id);
  if (!counted.ok) return problemResponse(counted.problem);
  const body = await jsonBody(request, given, mostBytes);
  if (!body.ok) return problemResponse(body.problem);
  const { files, password = "", into } = body.value;
  const sorted = await sortMaterial(
    files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, "base64") })),
    { password: password === "" ? undefined : new Secret(password), into },
  );
  const answer: SortAnswer = sorted.ok
    ? {
        type: "sorted",
        boxes: {
          ca: sorted.value.ca,
          clientCertificate: sorted.value.clientCertificate,
          clientKey: sorted.value.clientKey.reveal(),
          crl: sorted.value.crl,
        },
        notes: sorted.value.notes,
        problems: sorted.value.problems,
      }
    : { type: "refused", problem: sorted.problem };
  return Response.json(answer, { headers: { "Cache-Control": "no-store" } });
}
