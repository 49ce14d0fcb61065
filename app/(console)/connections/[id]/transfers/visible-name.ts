import { visibleText } from "#lib/visible-text.ts";

/** A name of the server's for where only a text can stand: what would not be seen is an escape. */
export function visibleName(name: string): string {
  return visibleText(name)
    .map(({ text }) => text)
    .join("");
}
