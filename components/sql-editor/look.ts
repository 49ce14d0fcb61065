import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the product's own colours, light and dark alike: they are the page's variables. */
export const editorLook: Extension = [
  EditorView.theme({
    "&": { color: "var(--color-ink)", backgroundColor: "var(--color-surface)", fontSize: "0.8125rem" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": {
      fontFamily: "var(--font-mono)",
      lineHeight: "1.25rem",
      minHeight: "8rem",
      maxHeight: "60dvh",
      overflow: "auto",
    },
    ".cm-content": { padding: "0.625rem 0", caretColor: "var(--color-ink)" },
    ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
    ".cm-placeholder": { color: "var(--color-muted)" },
    ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      background: "color-mix(in oklab, var(--color-accent) 28%, transparent)",
    },
    ".cm-gutters": {
      color: "var(--color-muted)",
      backgroundColor: "var(--color-surface)",
      border: "none",
    },
    ".cm-lineNumbers .cm-gutterElement": { padding: "0 0.375rem 0 0.75rem", minWidth: "2rem" },
    ".cm-runs": { width: "3px" },
    ".cm-runs-line": { backgroundColor: "var(--color-accent)" },
    ".cm-activeLine": { backgroundColor: "transparent" },
    ".cm-activeLineGutter": { color: "var(--color-ink)", backgroundColor: "transparent" },
    "&.cm-focused .cm-matchingBracket": {
      backgroundColor: "var(--color-accent-soft)",
      outline: "1px solid var(--color-accent)",
    },
    "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--color-danger-soft)" },
    ".cm-error-place": {
      backgroundColor: "var(--color-danger-soft)",
      textDecoration: "underline wavy 2px var(--color-danger)",
      textUnderlineOffset: "4px",
    },
    ".cm-searchMatch": { backgroundColor: "var(--color-warn-soft)", outline: "1px solid var(--color-warn)" },
    ".cm-searchMatch-selected": { backgroundColor: "var(--color-accent-soft)" },
    ".cm-panels": { color: "var(--color-ink)", backgroundColor: "var(--color-sunken)" },
    ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--color-line)" },
    ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--color-line)" },
    ".cm-panel.cm-search": { padding: "0.375rem 2rem 0.375rem 0.75rem", fontSize: "0.8125rem" },
    ".cm-panel.cm-search label": { fontSize: "0.8125rem" },
    ".cm-textfield": {
      color: "var(--color-ink)",
      backgroundColor: "var(--color-surface)",
      border: "1px solid var(--color-control)",
      borderRadius: "0.375rem",
      fontSize: "0.8125rem",
    },
    ".cm-button": {
      color: "var(--color-ink)",
      background: "var(--color-raised)",
      border: "1px solid var(--color-control)",
      borderRadius: "0.375rem",
      fontSize: "0.8125rem",
    },
    ".cm-tooltip": {
      color: "var(--color-ink)",
      backgroundColor: "var(--color-raised)",
      border: "1px solid var(--color-line)",
      borderRadius: "0.375rem",
      boxShadow: "var(--shadow-float)",
    },
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "14rem" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.125rem 0.5rem" },
    ".cm-tooltip-autocomplete ul li[aria-selected]": {
      color: "var(--color-ink)",
      background: "var(--color-accent-soft)",
      outline: "1px solid var(--color-accent)",
    },
    ".cm-completionDetail": { color: "var(--color-muted)", fontStyle: "normal" },
    ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
    "@media (pointer: coarse)": { "&": { fontSize: "1rem" } },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.keyword, color: "var(--color-accent)" },
      { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--color-accent-strong)" },
      { tag: [tags.string, tags.special(tags.string)], color: "var(--color-success)" },
      { tag: [tags.number, tags.bool, tags.null], color: "var(--color-warn)" },
      { tag: tags.comment, color: "var(--color-muted)", fontStyle: "italic" },
    ]),
  ),
];
