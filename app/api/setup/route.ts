import { z } from "zod";
import { stranger } from "#app/_server/audit-subject.ts";
import { beginSession } from "#app/_server/begin-session.ts";
import { refuseForeign } from "#app/_server/guard.ts";
import { jsonBody } from "#app/_server/json-body.ts";
import { log } from "#app/_server/log.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { Secret } from "#lib/secret.ts";

const request = z.strictObject({
  token: z.string().max(256),
  name: z.string().max(256),
  password: z.string().max(1024),
});

/** Makes whoever holds the one-time token the owner, while there is nobody; afterwards it is not here any more. */
export async function POST(sent: Request): Promise<Response> {
  const refused = refuseForeign(sent);
  if (refused !== undefined) return refused;
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const { audit, users, setupToken } = opened.value;
  const anybody = await users.any();
  if (!anybody.ok) return problemResponse(anybody.problem);
  if (anybody.value) return problemResponse(problem("not-found"));

  const body = await jsonBody(sent, request);
  if (!body.ok) return problemResponse(body.problem);
  const { token, name, password } = body.value;
  const check = await setupToken.check(new Secret(token));
  if (check.outcome === "too-many") {
    return problemResponse(problem("too-many-attempts", { retryAfter: check.retryAfter }));
  }
  if (check.outcome !== "right") {
    log().warn("set-up refused: the token is not right");
    const refusal = problem("not-allowed", { field: "token", reason: check.outcome });
    const noted = await audit.noteRefusal(stranger(sent.headers), { action: "setup" }, refusal.code);
    return problemResponse(noted.ok ? refusal : noted.problem);
  }
  // The owner's existence is what makes the token worthless, in the same commit; the file goes after it.
  const owner = await audit.during(stranger(sent.headers), { action: "setup" }, () =>
    users.createFirstOwner({ name, password: new Secret(password) }),
  );
  if (!owner.ok) return problemResponse(owner.problem);
  await setupToken.remove();
  log().info({ user: owner.value.id }, "the owner was created");
  return beginSession(opened.value, sent.headers, owner.value);
}
