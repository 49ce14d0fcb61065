import { type Draft, remark } from "./copy-form.ts";
import { quoteSh } from "./quote-sh.ts";
import { tokenCommand, usesToken } from "./write-token-command.ts";

/** How a program comes by its password. */
export type PasswordSource =
  | { readonly from: "text"; readonly password: string }
  | { readonly from: "environment" }
  /** A client certificate signs in. */
  | { readonly from: "nowhere" };

/** How code comes by the password: the environment, unless the person wants the typed one in the text. */
export function codePassword(draft: Draft): PasswordSource {
  const { values, options } = draft;
  if (values.signIn === "certificate") return { from: "nowhere" };
  if (usesToken(values)) {
    remark(draft, "token-short-lived", { command: tokenCommand(draft).map(quoteSh).join(" ") });
    return { from: "environment" };
  }
  if (options.withSecrets === true && values.password !== "") {
    return { from: "text", password: values.password.replaceAll("\0", "") };
  }
  remark(draft, "password-from-environment");
  return { from: "environment" };
}

/** The password for a form that holds texts only: undefined leaves it out, with a remark. */
export function textPassword(draft: Draft): string | undefined {
  const { values, options } = draft;
  if (values.signIn === "certificate") return undefined;
  if (usesToken(values)) {
    remark(draft, "token-short-lived", { command: tokenCommand(draft).map(quoteSh).join(" ") });
    return undefined;
  }
  if (options.withSecrets === true && values.password !== "") return values.password.replaceAll("\0", "");
  remark(draft, "password-left-out");
  return undefined;
}
