import { writeKeywords } from "#lib/strings/libpq/write-keywords.ts";
import { type Draft, remark } from "./copy-form.ts";
import { libpqWriting } from "./libpq-writing.ts";
import { psqlSecrets, withoutTlsPair } from "./psql-parts.ts";
import { cmdNestedWord, cmdSet, quoteCmd } from "./quote-cmd.ts";
import { tokenCommand, usesToken } from "./write-token-command.ts";

/** The psql command for the Windows command prompt, to be typed or pasted there, a line a command. */
export function writePsqlCmd(draft: Draft): string {
  const parameters = libpqWriting(draft, { systemStore: false });
  const password = psqlSecrets(draft);
  const lines: (string | undefined)[] = [];
  let rest: ReadonlyMap<string, string> = parameters;
  if (usesToken(draft.values)) {
    const words = tokenCommand(draft).map(cmdNestedWord);
    const parts = withoutTlsPair(parameters);
    rest = parts.rest;
    // `delims=` takes the whole line; the variable is named as where commands are typed (`%%T` in a batch file).
    lines.push(
      words.includes(undefined)
        ? undefined
        : `for /f "usebackq delims=" %T in (\`${words.join(" ")}\`) do @set "PGPASSWORD=%T"`,
      ...parts.variables.map(([name, value]) => cmdSet(name, value)),
    );
  } else if (password !== undefined) {
    const line = cmdSet("PGPASSWORD", password);
    if (line === undefined) remark(draft, "secret-not-writable");
    else lines.push(line);
  }
  const argument = quoteCmd(writeKeywords(rest));
  lines.push(argument === undefined ? undefined : `psql ${argument}`);
  if (!lines.includes(undefined)) return lines.join("\n");
  remark(draft, "cannot-be-written");
  return "";
}
