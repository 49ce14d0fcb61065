import type { PsqlExample } from "#lib/providers/guide.ts";
import { type Command, cmd, powershell, sh } from "./platform-guide.ts";

/**
 * The psql command for each shell (D8, H4). Windows is given its settings as variables: a backslash in a keyword
 * string is an escape there, and `system` is no store that psql on Windows can read (D9).
 * @param example values of a guide; they hold nothing that a shell would read otherwise, which a test makes sure of
 */
export function psqlCommands(example: PsqlExample): readonly Command[] {
  return [sh(...inSh(example)), cmd(...inCmd(example)), powershell(...inPowershell(example))];
}

function inSh(example: PsqlExample): string[] {
  const { rootCert, tokenCommand, channelBinding } = example;
  const file = rootCert === undefined || rootCert === "system" ? rootCert : `$HOME/.postgresql/${rootCert}`;
  if (tokenCommand !== undefined) {
    return [
      `export PGPASSWORD="$(${tokenCommand})"`,
      `export PGSSLMODE=${example.mode}`,
      ...(file === undefined ? [] : [`export PGSSLROOTCERT="${file}"`]),
      `psql ${options(example)}`,
    ];
  }
  const words = [
    `sslmode=${example.mode}`,
    ...(file === undefined ? [] : [`sslrootcert=${file === "system" ? file : `'${file}'`}`]),
    ...(channelBinding === undefined ? [] : [`channel_binding=${channelBinding}`]),
    `host=${example.host}`,
    `port=${example.port}`,
    `dbname=${example.database}`,
    `user=${example.user}`,
  ];
  return [`psql "${words.join(" ")}"`];
}

function inCmd(example: PsqlExample): string[] {
  const set = (name: string, value: string) => `set "${name}=${value}"`;
  const token = example.tokenCommand;
  return [
    ...(token === undefined
      ? []
      : [`for /f "usebackq delims=" %i in (\`${token}\`) do @${set("PGPASSWORD", "%i")}`]),
    ...variables(example).map(([name, value]) =>
      set(name, name === "PGSSLROOTCERT" ? `%APPDATA%\\postgresql\\${value}` : value),
    ),
    `psql ${options(example)}`,
  ];
}

function inPowershell(example: PsqlExample): string[] {
  const token = example.tokenCommand;
  return [
    ...(token === undefined ? [] : [`$env:PGPASSWORD = ${token}`]),
    ...variables(example).map(([name, value]) =>
      name === "PGSSLROOTCERT"
        ? `$env:${name} = "$env:APPDATA\\postgresql\\${value}"`
        : `$env:${name} = '${value}'`,
    ),
    `psql ${options(example)}`,
  ];
}

/** For Windows: what psql reads from its environment. */
function variables(example: PsqlExample): (readonly [string, string])[] {
  const rootCert =
    example.rootCertOnWindows ?? (example.rootCert === "system" ? undefined : example.rootCert);
  return [
    ["PGSSLMODE", example.mode],
    ...(rootCert === undefined ? [] : [["PGSSLROOTCERT", rootCert] as const]),
    ...(example.channelBinding === undefined ? [] : [["PGCHANNELBINDING", example.channelBinding] as const]),
  ];
}

function options({ host, port, database, user }: PsqlExample): string {
  return `--host=${host} --port=${port} --dbname=${database} --username=${user}`;
}
