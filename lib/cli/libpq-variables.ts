import "server-only";
import { libpqVariableNames } from "#lib/strings/libpq/libpq-variable-names.ts";

/**
 * The parameters that libpq 18 takes from environment variables (its manual, "Environment Variables").
 * @param environment the `PG*` variables
 * @returns parameters by libpq name; an empty variable counts as none
 */
export function libpqVariables(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [variable, parameter] of Object.entries(libpqVariableNames)) {
    const value = environment[variable];
    if (value !== undefined && value !== "") found.set(parameter, value);
  }
  // Obsolete, and still read (`conninfo_add_defaults`).
  if (environment.PGREQUIRESSL?.startsWith("1") && !found.has("sslmode")) found.set("sslmode", "require");
  return found;
}
