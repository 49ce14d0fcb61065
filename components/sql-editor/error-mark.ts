import { type Extension, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";

/** UTF-16 indexes. */
export interface MarkedRange {
  readonly start: number;
  readonly end: number;
}

/** Shows where the last error lies, or nothing any more. */
export const setErrorMark = StateEffect.define<MarkedRange | undefined>();

const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(setErrorMark)) return marked(effect.value, transaction.newDoc);
    }
    return value.map(transaction.changes);
  },
  provide: (from) => [
    EditorView.decorations.from(from),
    EditorView.contentAttributes.from(
      from,
      ({ size }): Record<string, string> => (size > 0 ? { "aria-invalid": "true" } : {}),
    ),
  ],
});

/** The place of an error, underlined where it is. */
export const errorMark: Extension = field;

function marked(range: MarkedRange | undefined, doc: Text): DecorationSet {
  if (range === undefined) return Decoration.none;
  const start = Math.min(range.start, doc.length);
  const end = Math.min(range.end, doc.length);
  const spec = { class: "cm-error-place", attributes: { "data-error-place": "" } };
  // At the end of the text there is no sign to underline: its line is marked.
  if (start >= end) return Decoration.set(Decoration.line(spec).range(doc.lineAt(start).from));
  return Decoration.set(Decoration.mark(spec).range(start, end));
}
