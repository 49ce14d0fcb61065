import { auditSubject } from "#app/_server/audit-subject.ts";
import { handlerActor } from "#app/_server/guard.ts";
import { problemResponse } from "#app/_server/problem-response.ts";
import { workspace } from "#app/_server/workspace.ts";
import { problem } from "#lib/problems/problem.ts";
import { backupName } from "#lib/vault/backup-name.ts";

/** The vault as it is, sealed, as a download: worth nothing without its key, which is not in it. */
export async function GET(request: Request): Promise<Response> {
  const actor = await handlerActor(request, "vault:manage");
  if (actor instanceof Response) return actor;
  // HEAD comes here as well, and takes nothing away.
  if (request.method !== "GET") return problemResponse(problem("not-found"));
  const opened = await workspace();
  if (!opened.ok) return problemResponse(opened.problem);
  const { audit, backups } = opened.value;
  const made = await backups.create();
  if (!made.ok) return problemResponse(made.problem);
  const { text, rev } = made.value;
  const event = { action: "backup-create", object: String(rev) } as const;
  const noted = await audit.note(await auditSubject(actor), event);
  if (!noted.ok) return problemResponse(noted.problem);
  return new Response(text, {
    headers: {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${backupName(rev, new Date())}"`,
      "Cache-Control": "no-store, no-transform",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
