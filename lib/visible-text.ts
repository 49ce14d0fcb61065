/** A piece of a text: shown as it is, or an escape that stands for a sign which would not be seen. */
export interface TextPiece {
  readonly text: string;
  readonly escaped: boolean;
}

/**
 * Splits a text so that nothing in it can hide or turn the others round: control signs, direction marks and
 * invisible signs become escapes. The joiners U+200C and U+200D stay: scripts and emoji are written with them.
 * Unicode Technical Report 36, section 2 (visual spoofing).
 * @param keepLines leaves line feeds and tabs as they are, for a text that is shown on several lines
 */
export function visibleText(text: string, keepLines = false): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    const sign = match[0];
    if (keepLines && (sign === "\n" || sign === "\t")) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), escaped: false });
    pieces.push({ text: escapeOf(sign), escaped: true });
    from = match.index + sign.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), escaped: false });
  return pieces;
}

/** As `visibleText`, in one text. */
export function visibly(text: string): string {
  return visibleText(text)
    .map((piece) => piece.text)
    .join("");
}

/** Whether there is anything to be seen of a text: joiners, marks, blanks and fillers alone leave a hole in the page. */
export function isSeen(text: string): boolean {
  return /[^\p{M}\p{Z}\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);
}

/** Format signs that have a shape of their own (Arabic and Syriac number signs) are not hidden. */
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

function escapeOf(sign: string): string {
  if (sign === "\n") return "\\n";
  if (sign === "\r") return "\\r";
  if (sign === "\t") return "\\t";
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\u{${code}}`;
}
