import { libpqVariableNames } from "#lib/strings/libpq/libpq-variable-names.ts";
import { type Draft, remark } from "./copy-form.ts";
import { usesToken } from "./write-token-command.ts";

/**
 * The password to write into a psql command, if it was asked for; else a remark on who asks for it.
 * A token is never written: the command makes it.
 */
export function psqlSecrets(draft: Draft): string | undefined {
  const { values, options } = draft;
  if (usesToken(values)) {
    remark(draft, "token-needs-command", { program: values.signIn === "entra-token" ? "az" : "aws" });
    return undefined;
  }
  if (values.signIn === "certificate") return undefined;
  if (options.withSecrets === true && values.password !== "") return values.password.replaceAll("\0", "");
  remark(draft, "password-asked");
  return undefined;
}

/** D8: the mode and the roots stand in variables beside the token; the rest is psql's argument. */
export function withoutTlsPair(parameters: ReadonlyMap<string, string>): {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly rest: ReadonlyMap<string, string>;
} {
  const pair = [
    ["sslmode", "PGSSLMODE"],
    ["sslrootcert", "PGSSLROOTCERT"],
  ] as const;
  const variables = pair.flatMap(([name, variable]) => {
    const value = parameters.get(name);
    return value === undefined ? [] : [[variable, value] as const];
  });
  const rest = new Map([...parameters].filter(([name]) => name !== "sslmode" && name !== "sslrootcert"));
  return { variables, rest };
}

/** The variable that says the same as a parameter; `sslpassword` has none. */
export function libpqVariable(parameter: string): string | undefined {
  return Object.entries(libpqVariableNames).find(([, name]) => name === parameter)?.[0];
}
