/**
 * A text on its way to the form of a new connection: pasted on another page of this tab. It may hold a password, so it
 * stands in this page's memory only, never in an address or in the browser's storage; a full load forgets it.
 */
let given: string | undefined;

/** The next form of a new connection opens with this text. */
export function giveText(text: string): void {
  given = text;
}

export function textGiven(): string | undefined {
  return given;
}

/** The form has it. */
export function textTaken(): void {
  given = undefined;
}
