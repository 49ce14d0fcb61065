import type { FormChange } from "#lib/settings/form-values.ts";
import type { StringNote } from "#lib/strings/libpq/libpq-parameters.ts";
import { type Shell, wordsOf } from "./split-shell.ts";

/** What a command that makes a password says of the connection. */
export interface TokenCommand {
  readonly change: FormChange;
  /** libpq's names; they hold where the string itself says nothing. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly note: StringNote;
}

/**
 * Recognises the commands that make a short-lived password: `aws dsql generate-db-connect…`, `aws rds
 * generate-db-auth-token`, `az account get-access-token` and PowerShell's `Get-AzAccessToken`. Any other command
 * is only noted: the console runs none.
 */
export function readTokenCommand(
  command: string,
  shell: Shell,
  variables: ReadonlyMap<string, string>,
): TokenCommand {
  const words = wordsOf(command.slice(0, 4000), shell, { variables: new Map(variables), commands: [] });
  const is = (...wanted: readonly string[]) => wanted.every((word) => words.includes(word));
  const option = optionsOf(words);
  if (is("dsql", "generate-db-connect-admin-auth-token")) return dsql(option, "admin");
  if (is("dsql", "generate-db-connect-auth-token")) return dsql(option, undefined);
  if (is("rds", "generate-db-auth-token")) {
    return {
      change: { signIn: "rds-token", ...awsChange(option) },
      parameters: present({ host: option("hostname"), port: option("port"), user: option("username") }),
      note: { id: "token-command", facts: { kind: "rds" } },
    };
  }
  if (is("account", "get-access-token") || words.some((word) => /get-azaccesstoken/i.test(word))) {
    return {
      change: { signIn: "entra-token" },
      parameters: new Map(),
      note: { id: "token-command", facts: { kind: "entra" } },
    };
  }
  return { change: {}, parameters: new Map(), note: { id: "password-command" } };
}

type Option = (name: string) => string | undefined;

function dsql(option: Option, user: string | undefined): TokenCommand {
  const expiry = option("expires-in");
  return {
    change: {
      signIn: "aurora-dsql-token",
      ...awsChange(option),
      ...(expiry !== undefined && /^\d{1,6}$/.test(expiry) ? { tokenExpiry: expiry } : {}),
    },
    parameters: present({ host: option("hostname"), user }),
    note: { id: "token-command", facts: { kind: "dsql" } },
  };
}

function awsChange(option: Option): FormChange {
  const region = option("region");
  const profile = option("profile");
  return {
    ...(region !== undefined && /^[a-z0-9-]{3,40}$/.test(region) ? { tokenRegion: region } : {}),
    ...(profile !== undefined && /^[\w .@-]{1,100}$/.test(profile)
      ? { tokenCredentials: "profile" as const, awsProfile: profile }
      : {}),
  };
}

/** `--name value` and `--name=value`, an empty value or a variable that is not set counting as none. */
function optionsOf(words: readonly string[]): Option {
  return (name) => {
    const glued = words.find((word) => word.startsWith(`--${name}=`));
    const index = words.indexOf(`--${name}`);
    const value = glued?.slice(name.length + 3) ?? (index < 0 ? undefined : words[index + 1]);
    return value === undefined || value === "" || /^[$%<{-]/.test(value) ? undefined : value;
  };
}

function present(values: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
