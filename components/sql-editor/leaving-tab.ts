import { acceptCompletion } from "@codemirror/autocomplete";
import { indentLess, indentMore } from "@codemirror/commands";
import { type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";

const arm = StateEffect.define<boolean>();

const armed = StateField.define<boolean>({
  create: () => false,
  update: (value, { effects, docChanged, selection }) => {
    for (const effect of effects) if (effect.is(arm)) return effect.value;
    // Whoever goes on to write has done with indenting.
    return value && !docChanged && selection === undefined;
  },
});

/**
 * Tab leaves the editor, as everywhere: nobody gets caught who has no mouse. After Ctrl+M it indents, as often as it is
 * pressed. In a list of completions it takes what is chosen.
 */
export const leavingTab: Extension = [
  armed,
  Prec.highest(
    keymap.of([
      {
        key: "Ctrl-m",
        mac: "Ctrl-m",
        run: (view) => {
          view.dispatch({ effects: arm.of(true) });
          return true;
        },
      },
      { key: "Tab", run: (view) => acceptCompletion(view) || indent(view, indentMore) },
      { key: "Shift-Tab", run: (view) => indent(view, indentLess) },
    ]),
  ),
];

function indent(view: EditorView, command: typeof indentMore): boolean {
  if (!view.state.field(armed)) return false;
  command(view);
  view.dispatch({ effects: arm.of(true) });
  return true;
}
