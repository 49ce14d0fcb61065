import { type FieldName, fieldNames, fields } from "#lib/settings/fields.ts";
import type { FormValues } from "#lib/settings/form-values.ts";
import { isSameValue } from "./change-effects.ts";

/**
 * The fields by which a change moves a connection: to another server, to another tenant of a router, or to a server that
 * is proved otherwise than before, be it more or less. Whoever opens it next sends what they know to somewhere else.
 */
export function movedFields(next: FormValues, before: FormValues): readonly FieldName[] {
  return fieldNames.filter((name) => !isSameValue(name, next, before) && moves(name, next, before));
}

function moves(name: FieldName, next: FormValues, before: FormValues): boolean {
  const { change } = fields[name];
  if (change === "elsewhere" || change === "checks" || name === "database") return true;
  return name === "options" && tenantOf(next.options) !== tenantOf(before.options);
}

/** What of startup options routers in front of servers choose by: Neon's endpoint, CockroachDB's cluster and the like. */
function tenantOf(options: string): string {
  const chosen = options.matchAll(/\b(endpoint|project|cluster|tenant|reference|branch)(?:=|%3d)\S+/gi);
  return [...chosen].map(([text]) => text).join(" ");
}
