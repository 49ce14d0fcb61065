import "server-only";
import { createHash } from "node:crypto";
import { auditedStatements, readEnvironment } from "#lib/env.ts";
import { maskPasswords } from "#lib/notebook/mask-passwords.ts";
import { ok, type Result } from "#lib/problems/result.ts";
import type { Actor } from "#lib/team/access.ts";
import type { AcquiredClient } from "./acquire-client.ts";
import { auditSubject, auditTarget } from "./audit-subject.ts";
import { workspace } from "./workspace.ts";

/**
 * Notes a statement before it is sent, where the operator wants that of its kind: on which connection, and the SHA-256 of
 * its text, by which whoever has the text finds the line. The text itself belongs to the person; its beginning is noted
 * where the operator says so, its secrets left out.
 * @returns the store's problem: then nothing may be sent
 */
export async function auditStatement(
  actor: Actor,
  { profile, session }: Pick<AcquiredClient, "profile" | "session">,
  { sql, readOnly }: { readonly sql: string; readonly readOnly: boolean },
): Promise<Result<void>> {
  const env = readEnvironment();
  const { which, text } = env.ok ? env.value.auditStatements : auditedStatements.default;
  const isNoted =
    which === "all" ||
    (!readOnly && (which === "writes" || (which === "production" && profile.environment === "production")));
  if (!isNoted) return ok(undefined);
  const opened = await workspace();
  if (!opened.ok) return opened;
  const rules = { standardConformingStrings: session.ofTab()?.backslashes !== true };
  const begins = maskPasswords(sql.slice(0, mostRead), rules).replaceAll(/\s+/g, " ").trim();
  return opened.value.audit.note(await auditSubject(actor), {
    action: "statement-run",
    object: profile.id,
    target: auditTarget(profile),
    changes: [
      { field: "sha256", from: "", to: createHash("sha256").update(sql).digest("hex") },
      ...(text ? [{ field: "statement", from: "", to: begins }] : []),
    ],
  });
}

/** Of the text: a line of the log holds less. */
const mostRead = 2_000;
