import { visibly } from "#lib/visible-text.ts";
import type { AuditEntry } from "./audit.ts";

/**
 * A line of the audit log as it may stand on a page: whoever can write where the log lies can put one there, and people name
 * what the log tells of. Nothing in it hides, or turns round what stands beside it.
 */
export function visibleEntry(entry: AuditEntry): AuditEntry {
  const seen = <T extends string | null>(text: T) => (text === null ? text : visibly(text)) as T;
  const { secrets, reason, changes } = entry;
  return {
    ...entry,
    actor: seen(entry.actor),
    session: seen(entry.session),
    source: seen(entry.source),
    object: seen(entry.object),
    target: seen(entry.target),
    result: visibly(entry.result),
    ...(secrets && { secrets: secrets.map(visibly) }),
    ...(reason !== undefined && { reason: visibly(reason) }),
    ...(changes && {
      changes: changes.map(({ field, from, to }) => ({
        field: visibly(field),
        from: visibly(from),
        to: visibly(to),
      })),
    }),
  };
}
