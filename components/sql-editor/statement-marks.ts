import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, GutterMarker, gutter, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type Span, splitStatements } from "#lib/sql/split-statements.ts";
import { statementAt } from "#lib/sql/statement-at.ts";
import type { LexicalRules } from "#lib/sql/tokens.ts";

/** Longer texts are taken apart when their writer pauses. */
const atOnce = 50_000;
const pauseMs = 150;

/**
 * Marks in a gutter which statement Ctrl+Enter will run. Where something is selected nothing is marked: exactly that runs.
 */
export function statementMarks(rules: () => LexicalRules): Extension {
  const setSpans = StateEffect.define<readonly Span[]>();
  const split = (state: EditorState) => splitStatements(state.doc.toString(), rules());

  const spans = StateField.define<readonly Span[]>({
    create: split,
    update: (value, transaction) => {
      for (const effect of transaction.effects) if (effect.is(setSpans)) return effect.value;
      if (!transaction.docChanged) return value;
      if (transaction.newDoc.length <= atOnce) return split(transaction.state);
      // Near enough until it is known.
      return value.map((span) => ({
        ...span,
        from: transaction.changes.mapPos(span.from),
        start: transaction.changes.mapPos(span.start),
        end: transaction.changes.mapPos(span.end),
        until: transaction.changes.mapPos(span.until),
      }));
    },
  });

  const later = ViewPlugin.define((view) => {
    let timer = 0;
    return {
      update: ({ docChanged, state }: ViewUpdate) => {
        if (!docChanged || state.doc.length <= atOnce) return;
        clearTimeout(timer);
        timer = window.setTimeout(() => view.dispatch({ effects: setSpans.of(split(view.state)) }), pauseMs);
      },
      destroy: () => clearTimeout(timer),
    };
  });

  const marks = gutter({
    class: "cm-runs",
    markers: ({ state }) => {
      const { main } = state.selection;
      const span = main.empty ? statementAt(state.field(spans), main.head) : undefined;
      if (span === undefined) return RangeSet.empty;
      const first = state.doc.lineAt(Math.min(span.start, state.doc.length)).number;
      const last = state.doc.lineAt(Math.min(Math.max(span.start, span.end - 1), state.doc.length)).number;
      const lines = [];
      // What nobody sees at once need not be marked line by line.
      for (let line = first; line <= Math.min(last, first + mostLines); line += 1) {
        lines.push(mark.range(state.doc.line(line).from));
      }
      return RangeSet.of(lines);
    },
    initialSpacer: () => mark,
  });

  return [spans, later, marks, EditorView.editorAttributes.of({ class: "cm-with-runs" })];
}

const mostLines = 2_000;

class RunMark extends GutterMarker {
  override readonly elementClass = "cm-runs-line";
}

const mark = new RunMark();
