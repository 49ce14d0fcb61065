import "server-only";
import { type Label, type LabelChange, labelAfter } from "#lib/saved/labels.ts";
import type { AuditEvent } from "#lib/team/audit.ts";

/** As the audit log tells of it; none where nothing changes. */
export function labelEvent(
  id: string,
  before: Label | undefined,
  change: LabelChange,
): readonly AuditEvent[] {
  const after = labelAfter(before, change);
  const told = (label: Label | undefined) => ({
    group: label?.group ?? "",
    tags: (label?.tags ?? []).join(", "),
  });
  const [from, to] = [told(before), told(after)];
  const changes = (["group", "tags"] as const)
    .filter((field) => from[field] !== to[field])
    .map((field) => ({ field, from: from[field], to: to[field] }));
  return changes.length === 0 ? [] : [{ action: "connection-label", object: id, changes }];
}
