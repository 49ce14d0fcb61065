/**
 * A text on its way to the form of a new connection: pasted on another page of this tab. It may hold a password, so it
 * stands in this page's memory only, never in an address or in the browser's storage; a full load forgets it, and so does
 * a form that does not come: another one, later, is not about it.
 */
let given: string | undefined;
let forgetting: ReturnType<typeof setTimeout> | undefined;
/** As long as a page may take to come. */
const longestMs = 30_000;

/** The next form of a new connection opens with this text. */
export function giveText(text: string): void {
  textTaken();
  given = text;
  forgetting = setTimeout(textTaken, longestMs);
}

export function textGiven(): string | undefined {
  return given;
}

/** The form has it. */
export function textTaken(): void {
  clearTimeout(forgetting);
  given = undefined;
}
