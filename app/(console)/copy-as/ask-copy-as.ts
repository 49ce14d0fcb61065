import type { FormValues } from "#lib/settings/form-values.ts";
import type { Messages } from "#messages/load-messages.ts";
import type { CopySource } from "./copy-source.ts";

/** All that the dialog starts with. */
export interface CopyAsGround {
  readonly values: FormValues;
  /** The connection's own CA holds what is no root. */
  readonly pinned: boolean;
  readonly words: { readonly locale: string; readonly copyAs: Messages["copyAs"] };
}

/** @throws when the console does not answer */
export async function askGround(source: CopySource): Promise<CopyAsGround> {
  if ("id" in source) return (await ask({ want: "saved", id: source.id })) as CopyAsGround;
  const values = source.form();
  const answer = (await ask({ want: "form", ca: values.ca })) as Omit<CopyAsGround, "values">;
  return { values, ...answer };
}

/**
 * The roots of the connection's trust, or the title of the problem that stands for them.
 * @throws when the console does not answer
 */
export async function askRoots({
  trust,
  host,
}: FormValues): Promise<{ readonly roots: string } | { readonly title: string }> {
  return (await ask({ want: "roots", trust, host })) as { roots: string } | { title: string };
}

async function ask(question: object): Promise<unknown> {
  const response = await fetch("/api/copy-as", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
  });
  if (!response.ok) throw new Error(`copy-as answered ${response.status}`);
  return response.json();
}
