/** What a person typed since the text was saved: the whole of it, or the one piece that differs. */
export type DraftEdit =
  | { readonly text: string }
  /** At a place so many signs were taken away and a text was put. */
  | { readonly at: number; readonly cut: number; readonly put: string };

/** Shorter texts go whole. */
const worthAPiece = 16 * 1024;

/**
 * The edit that makes one text of another. A browser sends no more than 64 KiB when a page goes away, so of a long text
 * only what differs is sent.
 */
export function draftEdit(before: string, after: string): DraftEdit {
  if (after.length < worthAPiece) return { text: after };
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (
    end < most - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  return { at: start, cut: before.length - start - end, put: after.slice(start, after.length - end) };
}

/** The text after an edit; undefined when the edit is of another text. */
export function editedText(before: string, edit: DraftEdit): string | undefined {
  if ("text" in edit) return edit.text;
  const { at, cut, put } = edit;
  if (at + cut > before.length) return undefined;
  return before.slice(0, at) + put + before.slice(at + cut);
}
