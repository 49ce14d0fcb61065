import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, toggleComment } from "@codemirror/commands";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { sqlCompletions } from "./complete.ts";
import { errorMark, type MarkedRange, setErrorMark } from "./error-mark.ts";
import { leavingTab } from "./leaving-tab.ts";
import { editorLook } from "./look.ts";
import type { SqlSession } from "./names.ts";
import { statementMarks } from "./statement-marks.ts";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly anchor: number;
  readonly head: number;
  /** Names the box; how Tab works is told in `described`, an element's id. */
  readonly label: string;
  readonly described: string;
  readonly placeholder: string;
  /** Of the page: without it the browser refuses the editor's styles. */
  readonly nonce: string | undefined;
  /** The editor's own words, by the English ones that it has. */
  readonly phrases: Readonly<Record<string, string>>;
  /** Asked anew each time: it changes while the editor is open. */
  readonly session: () => SqlSession;
  readonly onChange: (text: string) => void;
  readonly onSelect: (from: number, to: number) => void;
  readonly keys: EditorKeys;
}

/** What a key does that is not the editor's own affair; false leaves it to the next one. */
export interface EditorKeys {
  readonly run: () => boolean;
  readonly runAll: () => boolean;
  readonly cancel: () => boolean;
  readonly format: () => boolean;
  readonly older: () => boolean;
  readonly newer: () => boolean;
}

export interface OpenEditor {
  /** Replaces the whole text, as one step that can be undone. */
  setText(text: string): void;
  setError(range: MarkedRange | undefined): void;
  select(from: number, to: number): void;
  selection(): { readonly from: number; readonly to: number };
  focus(): void;
  close(): void;
}

/**
 * Left to the browser, a sign typed over several lines joins them with styles written into the elements, which the page's
 * policy refuses and reports.
 */
const writingOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { inputType, cancelable, data } = event;
    if (inputType !== "insertText" || !cancelable || data === null || view.composing) return false;
    // What the browser would write over: it may know of a selection that the editor has not been told of yet.
    const selection = document.getSelection();
    const range = selection?.rangeCount === 1 ? selection.getRangeAt(0) : undefined;
    if (range === undefined || range.collapsed || !view.contentDOM.contains(range.commonAncestorContainer)) {
      return false;
    }
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    const to = view.posAtDOM(range.endContainer, range.endOffset);
    event.preventDefault();
    view.dispatch({
      changes: { from, to, insert: view.state.toText(data) },
      selection: { anchor: from + view.state.toText(data).length },
      userEvent: "input.type",
      scrollIntoView: true,
    });
    return true;
  },
});

/** A list of completions, also one that is still on its way, would lie over what comes of the run. */
function withoutList(run: () => boolean): (view: EditorView) => boolean {
  return (view) => {
    closeCompletion(view);
    return run();
  };
}

/** Opens the editor in an element. It is loaded when the page has been painted, and takes the place of a plain box. */
export function openEditor(options: EditorOptions): OpenEditor {
  const { parent, keys, session } = options;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.text,
      selection: { anchor: options.anchor, head: options.head },
      extensions: [
        options.nonce === undefined ? [] : EditorView.cspNonce.of(options.nonce),
        EditorState.phrases.of(options.phrases),
        statementMarks(() => session().rules),
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightSelectionMatches({ minSelectionLength: 2 }),
        search({ top: true }),
        sql({ dialect: PostgreSQL }),
        autocompletion({
          override: [sqlCompletions(session)],
          icons: false,
          maxRenderedOptions: 60,
          // What is shown can be taken at once: a Tab that comes too early would leave the editor.
          interactionDelay: 0,
        }),
        errorMark,
        editorLook,
        EditorView.lineWrapping,
        placeholder(options.placeholder),
        EditorView.contentAttributes.of({
          "aria-label": options.label,
          "aria-describedby": options.described,
          spellcheck: "false",
          autocapitalize: "none",
          autocorrect: "off",
        }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
          if (docChanged) options.onChange(state.doc.toString());
          if (docChanged || selectionSet)
            options.onSelect(state.selection.main.from, state.selection.main.to);
        }),
        writingOver,
        leavingTab,
        Prec.high(
          keymap.of([
            { key: "Mod-Enter", run: withoutList(keys.run) },
            { key: "Mod-Shift-Enter", run: withoutList(keys.runAll) },
            { key: "Shift-Alt-f", run: keys.format },
            { key: "Alt-ArrowUp", run: keys.older },
            { key: "Alt-ArrowDown", run: keys.newer },
          ]),
        ),
        // Alt and an arrow sideways are the browser's, which goes back and forward by them.
        keymap.of([
          ...completionKeymap,
          ...searchKeymap,
          ...historyKeymap,
          { key: "Mod-/", run: toggleComment },
          ...defaultKeymap.filter(({ key }) => !/^Alt-Arrow(Left|Right)$/.test(key ?? "")),
          // After the lists and panels that Escape closes.
          { key: "Escape", run: keys.cancel },
        ]),
      ],
    }),
  });

  return {
    setText: (text) => {
      const { doc } = view.state;
      if (doc.toString() === text) return;
      view.dispatch({
        changes: { from: 0, to: doc.length, insert: text },
        selection: { anchor: text.length },
        scrollIntoView: true,
      });
    },
    setError: (range) => view.dispatch({ effects: setErrorMark.of(range) }),
    select: (from, to) => {
      const { length } = view.state.doc;
      view.dispatch({
        selection: { anchor: Math.min(from, length), head: Math.min(to, length) },
        scrollIntoView: true,
      });
    },
    selection: () => {
      const { from, to } = view.state.selection.main;
      return { from, to };
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
