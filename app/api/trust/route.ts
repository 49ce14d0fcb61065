import { z } from "zod";
import { explain } from "#app/_server/answer.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { normalisePem } from "#lib/certificates/pem-kind.ts";
import { problem } from "#lib/problems/problem.ts";
import { rootsIdOf } from "#lib/providers/provider.ts";
import { findProvider } from "#lib/providers/recognise-provider.ts";
import { mostCharacters } from "#lib/settings/fields.ts";
import { type FoundRoot, packReports } from "#lib/trust/pack-report.ts";
import { checkTrust, sharedStores, storeRoots } from "#lib/trust/store-roots.ts";

const listQuestion = z.object({
  store: z.enum(sharedStores),
  search: z.string().max(200).default(""),
  page: z.coerce.number().int().min(0).max(1000).default(0),
});

interface FoundRoots {
  readonly roots: readonly FoundRoot[];
}

const packQuestion = z.object({ provider: z.string().regex(/^[a-z0-9-]{1,64}$/) });

const checkQuestion = z.strictObject({ pem: z.string().max(mostCharacters.pem) });

/**
 * A page of a trust store's roots: `?store=system|mozilla|provider&search=&page=`; or `?provider=ID`, where this host
 * has the public roots of a provider (D3).
 */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "own:settings");
  if (actor instanceof Response) return actor;
  const asked = Object.fromEntries(new URL(request.url).searchParams);
  const pack = packQuestion.safeParse(asked);
  if (pack.success) return foundRoots(pack.data.provider);
  const question = listQuestion.safeParse(asked);
  if (!question.success) return problemResponse(problem("setting-invalid", { field: "store" }));
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const { store, search, page } = question.data;
  const found = await storeRoots(store, { search, page }, opened.value.trustStores);
  return found.ok ? unstored(found.value) : problemResponse(found.problem);
}

async function foundRoots(id: string): Promise<Response> {
  const provider = findProvider(id);
  if (provider === undefined) return problemResponse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const reports = await packReports(opened.value.trustStores, new Date(), rootsIdOf(provider));
  if (!reports.ok) return problemResponse(reports.problem);
  return unstored({ roots: reports.value.flatMap(({ roots }) => roots) } satisfies FoundRoots);
}

/** Which stores vouch for the certificate in `pem`. Nothing is kept. */
export async function POST(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "own:settings");
  if (actor instanceof Response) return actor;
  const body = await jsonBody(request, checkQuestion, 2 * mostCharacters.pem);
  if (!body.ok) return problemResponse(body.problem);
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const check = await checkTrust(normalisePem(body.value.pem), opened.value.trustStores);
  if (check.ok) return unstored(check.value);
  const { title, fix } = await explain(check.problem);
  return unstored({ problem: check.problem, title, fix }, 400);
}

function unstored(value: object, status = 200): Response {
  return Response.json(value, { status, headers: { "Cache-Control": "no-store" } });
}
