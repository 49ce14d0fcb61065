import "server-only";
import type { ConnectionProfile } from "#lib/profiles/profile.ts";
import { formValues } from "#lib/profiles/profile-view.ts";

/** Whether nothing was changed in a form of this connection: a test of it tells of the connection, and whoever may read may run it. */
export function isAsKept(values: unknown, kept: ConnectionProfile): boolean {
  const given = Object(values) as Record<string, unknown>;
  return Object.entries(formValues(kept)).every(([field, value]) =>
    typeof value === "object"
      ? JSON.stringify(given[field]) === JSON.stringify(value)
      : given[field] === value,
  );
}
