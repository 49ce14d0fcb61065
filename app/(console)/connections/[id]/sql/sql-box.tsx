"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useCallback, useEffect, useId, useImperativeHandle, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { pageNonce } from "#components/page-nonce.ts";
import type { SqlSession } from "#components/sql-editor/names.ts";
import type { EditorKeys, OpenEditor } from "#components/sql-editor/open-editor.ts";
import { classes } from "#components/ui/classes.ts";
import type { ErrorPlace } from "#lib/session/error-place.ts";

/** What the page may ask of the box, whichever of the two it is. */
export interface SqlBoxHandle {
  focus(): void;
  select(from: number, to: number): void;
  selection(): { readonly from: number; readonly to: number };
}

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What the keys do; the box reads it when one is pressed. */
  readonly keys: EditorKeys;
  readonly onSelect: (from: number, to: number) => void;
  readonly session: SqlSession;
  /** Where the last error lies in `value`. */
  readonly place: ErrorPlace | undefined;
  readonly box: RefObject<SqlBoxHandle | null>;
}

/** How every line stands: the marks lie under the text sign for sign. */
const lines =
  "font-mono text-[0.8125rem]/5 whitespace-pre-wrap [overflow-wrap:anywhere] px-3 py-2.5 [tab-size:4] [scrollbar-gutter:stable] pointer-coarse:text-base/6";

/**
 * The box for statements: a plain one that is there at once, and the editor in its place when that has come, with the
 * same text, caret and focus. Tab leaves either, as everywhere: nobody gets caught who has no mouse.
 */
export function SqlBox(props: Props) {
  const { value, onChange, place, box } = props;
  const t = useTranslations("session.sql");
  const words = useTranslations("statements.editor");
  const id = useId();
  const plain = useRef<HTMLTextAreaElement>(null);
  const under = useRef<HTMLPreElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const editor = useEditor(props, plain, host, `${id}-tab`);

  useImperativeHandle(box, () => ({
    focus: () => (editor ?? plain.current)?.focus(),
    select: (from, to) => {
      if (editor !== undefined) editor.select(from, to);
      else plain.current?.setSelectionRange(from, to);
    },
    selection: () =>
      editor?.selection() ?? {
        from: plain.current?.selectionStart ?? 0,
        to: plain.current?.selectionEnd ?? 0,
      },
  }));

  useEffect(() => {
    // A mark that has just appeared stands where the text has been scrolled to.
    if (place !== undefined) under.current?.scrollTo?.(0, plain.current?.scrollTop ?? 0);
  }, [place]);

  return (
    <div>
      <p id={`${id}-tab`} hidden>
        {words("tabKey")}
      </p>
      <div ref={host} className="overflow-hidden rounded-t-lg" />
      {editor === undefined && (
        <div className="relative overflow-hidden rounded-t-lg bg-surface">
          <label htmlFor={id} className="sr-only">
            {t("label")}
          </label>
          <pre
            aria-hidden
            ref={under}
            className={classes(
              lines,
              "pointer-events-none absolute inset-0 m-0 overflow-hidden text-transparent",
            )}
          >
            {place !== undefined && (
              <>
                {value.slice(0, place.start)}
                <mark
                  data-error-place
                  className="rounded-xs bg-danger-soft text-transparent underline decoration-2 decoration-danger decoration-wavy underline-offset-4"
                >
                  {value.slice(place.start, place.end) || " "}
                </mark>
                {value.slice(place.end)}
                {"\n "}
              </>
            )}
          </pre>
          <textarea
            id={id}
            ref={plain}
            rows={6}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            autoCorrect="off"
            placeholder={t("placeholder")}
            value={value}
            {...(place !== undefined && { "aria-invalid": true })}
            onChange={(event) => onChange(event.target.value)}
            onSelect={(event) => {
              const { selectionStart, selectionEnd } = event.currentTarget;
              props.onSelect(selectionStart, selectionEnd);
            }}
            onKeyDown={(event) => {
              const taken = plainKey(event, props.keys);
              if (taken) event.preventDefault();
            }}
            onScroll={(event) => {
              under.current?.scrollTo?.(0, event.currentTarget.scrollTop);
            }}
            className={classes(
              lines,
              "relative block w-full min-w-0 resize-y overflow-auto bg-transparent text-ink outline-none field-sizing-content min-h-32 max-h-[60dvh]",
            )}
          />
        </div>
      )}
    </div>
  );
}

function plainKey(
  { key, ctrlKey, metaKey, shiftKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">,
  keys: EditorKeys,
): boolean {
  if (key === "Escape") return keys.cancel();
  if (key !== "Enter" || !(ctrlKey || metaKey)) return false;
  return shiftKey ? keys.runAll() : keys.run();
}

/** Opens the editor once the page has been painted; undefined until it is there. */
function useEditor(
  props: Props,
  plain: RefObject<HTMLTextAreaElement | null>,
  host: RefObject<HTMLDivElement | null>,
  described: string,
): OpenEditor | undefined {
  const t = useTranslations("session.sql");
  const words = useTranslations("statements.editor");
  const [editor, setEditor] = useState<OpenEditor>();
  const latest = useRef(props);
  latest.current = props;
  const texts = useRef({ label: "", placeholder: "", phrases: {} as Record<string, string> });
  texts.current = { label: t("label"), placeholder: t("placeholder"), phrases: phrasesOf(words) };
  /** What the editor has told last: what comes back of it is no news to it. */
  const told = useRef(props.value);

  const open = useCallback(
    async (isGone: () => boolean) => {
      const { openEditor } = await import("#components/sql-editor/open-editor.ts");
      // Whoever is just composing a sign in the plain box is not disturbed.
      while (!isGone() && plain.current?.matches("[data-composing]") === true) await pause();
      const [area, parent] = [plain.current, host.current];
      if (isGone() || area === null || parent === null) return undefined;
      const hasFocus = document.activeElement === area;
      const backwards = area.selectionDirection === "backward";
      told.current = area.value;
      const opened = openEditor({
        parent,
        text: area.value,
        anchor: backwards ? area.selectionEnd : area.selectionStart,
        head: backwards ? area.selectionStart : area.selectionEnd,
        ...texts.current,
        described,
        nonce: pageNonce,
        session: () => latest.current.session,
        onChange: (text) => {
          told.current = text;
          latest.current.onChange(text);
        },
        onSelect: (from, to) => latest.current.onSelect(from, to),
        keys: {
          run: () => latest.current.keys.run(),
          runAll: () => latest.current.keys.runAll(),
          cancel: () => latest.current.keys.cancel(),
          format: () => latest.current.keys.format(),
          older: () => latest.current.keys.older(),
          newer: () => latest.current.keys.newer(),
        },
      });
      // At once: two boxes of one name are never there together.
      flushSync(() => setEditor(opened));
      if (hasFocus) opened.focus();
      return opened;
    },
    [plain, host, described],
  );

  useEffect(() => {
    let gone = false;
    let opened: OpenEditor | undefined;
    const area = plain.current;
    const onCompose = (event: Event) =>
      area?.toggleAttribute("data-composing", event.type === "compositionstart");
    area?.addEventListener("compositionstart", onCompose);
    area?.addEventListener("compositionend", onCompose);
    const stop = whenIdle(() => {
      open(() => gone).then(
        (made) => {
          opened = made;
          if (gone) made?.close();
        },
        // The plain box does all that is needed.
        () => undefined,
      );
    });
    return () => {
      gone = true;
      stop();
      area?.removeEventListener("compositionstart", onCompose);
      area?.removeEventListener("compositionend", onCompose);
      opened?.close();
      setEditor(undefined);
    };
  }, [open, plain]);

  const { value, place } = props;
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      editor?.setText(value);
    }
    // A text that came otherwise than by keys has moved the caret, and no event told of it.
    const area = plain.current;
    const at = editor?.selection() ?? (area && { from: area.selectionStart, to: area.selectionEnd });
    if (at !== null) latest.current.onSelect(at.from, at.to);
  }, [value, editor, plain]);
  useEffect(() => editor?.setError(place), [place, editor]);
  return editor;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

/** After the first paint, and when nothing else is to be done; at once where the browser does not tell. */
function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const id = requestIdleCallback(work, { timeout: 2_000 });
    return () => cancelIdleCallback(id);
  }
  const timer = setTimeout(work, 200);
  return () => clearTimeout(timer);
}

/** The editor's own words, by the English ones that its parts ask for. */
function phrasesOf(t: ReturnType<typeof useTranslations<"statements.editor">>): Record<string, string> {
  return {
    Find: t("find"),
    Replace: t("replaceWith"),
    next: t("next"),
    previous: t("previous"),
    all: t("all"),
    "match case": t("matchCase"),
    regexp: t("regexp"),
    "by word": t("byWord"),
    replace: t("replace"),
    "replace all": t("replaceAll"),
    close: t("close"),
    "current match": t("currentMatch"),
    "replaced $ matches": t("replacedMatches"),
    "replaced match on line $": t("replacedMatch"),
    "on line": t("onLine"),
    Completions: t("completions"),
    "Control character": t("controlCharacter"),
    "Selection deleted": t("selectionDeleted"),
    "Go to line": t("goToLine"),
    go: t("go"),
  };
}
