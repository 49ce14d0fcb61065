import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { libpqVariable, psqlSecrets, withoutTlsPair } from "./psql-parts.ts";
import { isPowershellArgument, powershellString, quotePowershell } from "./quote-powershell.ts";
import { tokenCommand, usesToken } from "./write-token-command.ts";

/**
 * The psql command for PowerShell, as Windows has it: any version. What no one spelling would carry to a program as
 * an argument goes by a variable instead.
 */
export function writePsqlPowershell(draft: Draft): string {
  const parameters = libpqWriting(draft, { systemStore: false });
  const password = psqlSecrets(draft);
  const lines: string[] = [];
  let rest: ReadonlyMap<string, string> = parameters;
  if (usesToken(draft.values)) {
    const token = tokenCommand(draft);
    if (!token.every(isPowershellArgument)) {
      remark(draft, "cannot-be-written");
      return "";
    }
    const parts = withoutTlsPair(parameters);
    rest = parts.rest;
    lines.push(
      `$env:PGPASSWORD = ${token.map(quotePowershell).join(" ")}`,
      ...parts.variables.map(([name, value]) => assign(name, value)),
    );
  } else if (password !== undefined) {
    lines.push(assign("PGPASSWORD", password));
  }
  const argument = new Map<string, string>();
  for (const [name, value] of rest) {
    const variable = libpqVariable(name);
    if (!value.includes('"')) argument.set(name, value);
    else if (variable !== undefined) lines.push(assign(variable, value));
    else remark(draft, "secret-not-writable");
  }
  const words = writeKeywords(argument);
  // The call operator is PowerShell's alone: a POSIX shell would read doubled quotes in another way, and refuses it.
  const call = powershellString(words) !== `'${words}'` ? "& psql" : "psql";
  lines.push(argument.size === 0 ? "psql" : `${call} ${powershellString(words)}`);
  return lines.join("\n");
}

function assign(name: string, value: string): string {
  return `$env:${name} = ${powershellString(value)}`;
}
