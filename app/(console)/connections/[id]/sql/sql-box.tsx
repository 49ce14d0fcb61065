"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useId, useRef } from "react";
import { classes } from "#components/ui/classes.ts";
import type { ErrorPlace } from "#lib/session/error-place.ts";

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onRun: () => void;
  /** Where the last error lies in `value`. */
  readonly place: ErrorPlace | undefined;
  readonly box: RefObject<HTMLTextAreaElement | null>;
}

/** How every line stands: the marks lie under the text sign for sign. */
const lines =
  "font-mono text-[0.8125rem]/5 whitespace-pre-wrap [overflow-wrap:anywhere] px-3 py-2.5 [tab-size:4] [scrollbar-gutter:stable] pointer-coarse:text-base/6";

/**
 * The box for a statement. Tab leaves it, as everywhere: nobody gets caught who has no mouse. The place of an error
 * is marked on a layer under the text.
 */
export function SqlBox({ value, onChange, onRun, place, box }: Props) {
  const t = useTranslations("session.sql");
  const id = useId();
  const under = useRef<HTMLPreElement>(null);

  useEffect(() => {
    // A mark that has just appeared stands where the text has been scrolled to.
    if (place !== undefined) under.current?.scrollTo?.(0, box.current?.scrollTop ?? 0);
  }, [place, box]);

  return (
    <div>
      <label htmlFor={id} className="sr-only">
        {t("label")}
      </label>
      <div className="relative overflow-hidden rounded-t-lg bg-surface">
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
          ref={box}
          rows={6}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          placeholder={t("placeholder")}
          value={value}
          {...(place !== undefined && { "aria-invalid": true })}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            onRun();
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
    </div>
  );
}
