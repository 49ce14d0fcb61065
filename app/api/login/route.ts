import { z } from "zod";
import { stranger } from "#app/_server/audit-subject.ts";
import { beginSession } from "#app/_server/begin-session.ts";
import { knownDevice } from "#app/_server/device-cookie.ts";
import { refuseForeign } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { log } from "#app/_server/log.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { requestSource, site } from "#app/_server/request-origin.ts";
import { workspace } from "#app/_server/workspace.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { Result } from "#lib/problems/result.ts";
import { Secret } from "#lib/secret.ts";
import { takeSignInLink } from "#lib/team/sign-in-link.ts";
import type { User } from "#lib/team/users.ts";
import type { Workspace } from "#lib/workspace.ts";

const credentials = z.union([
  z.strictObject({ name: z.string().max(256), password: z.string().max(1024) }),
  z.strictObject({ token: z.string().max(128) }),
]);

/**
 * Signs in by name and password, or by the token of a one-time link.
 * Every wrong try gets the same bytes after the same work: an unknown name, a wrong password, a user shut out.
 */
export async function POST(request: Request): Promise<Response> {
  const refused = refuseForeign(request);
  if (refused !== undefined) return refused;
  const body = await jsonBody(request, credentials);
  if (!body.ok) return problemResponse(body.problem);
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);

  const given = body.value;
  // No user can have a name with a line break in it.
  const account = "token" in given ? "sign-in\nlink" : given.name;
  const source = requestSource(request.headers, site());
  const device = await knownDevice(opened.value, request.headers, account);
  const admission = await opened.value.throttle.ask({ account, source, device });
  if (!admission.ok) {
    log().warn({ source }, "login refused: too many attempts");
    return refuseLogin(opened.value, request.headers, account, admission.problem);
  }
  const found =
    "token" in given
      ? await byLink(opened.value, new Secret(given.token))
      : await opened.value.users.signIn(given.name, new Secret(given.password));
  if (!found.ok) return problemResponse(found.problem);
  if (found.value === undefined) {
    log().warn({ source }, "login failed");
    return refuseLogin(opened.value, request.headers, account, problem("not-signed-in"));
  }
  admission.value.succeeded();
  log().info({ user: found.value.id, source }, "login");
  return beginSession(opened.value, request.headers, found.value);
}

/** A name that nobody has is not noted: now and then it is a password in the wrong field. */
async function refuseLogin(
  { audit, users }: Workspace,
  sent: Headers,
  account: string,
  refusal: Problem,
): Promise<Response> {
  const aimedAt = await users.findByName(account);
  const object = aimedAt.ok ? aimedAt.value?.id : undefined;
  const noted = await audit.noteRefusal(stranger(sent), { action: "login", object }, refusal.code);
  return problemResponse(noted.ok ? refusal : noted.problem);
}

async function byLink(opened: Workspace, token: Secret): Promise<Result<User | undefined>> {
  const name = await takeSignInLink(opened, token);
  if (!name.ok) return name;
  const found = await opened.users.findByName(name.value ?? "");
  return found.ok && found.value?.disabled ? { ok: true, value: undefined } : found;
}
