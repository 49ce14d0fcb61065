"use client";

import { Check, ChevronDown } from "lucide-react";
import { useRef, useState } from "react";
import { classes } from "./classes.ts";
import { FieldFrame, type FieldTexts } from "./field.tsx";
import { findOptions } from "./find-options.ts";
import type { SelectOption } from "./select-field.tsx";

interface Props extends FieldTexts {
  readonly options: readonly SelectOption[];
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Said and shown when nothing fits what is typed. */
  readonly noneText: string;
  /** How many fit, for a screen reader. */
  readonly foundText: (count: number) => string;
}

/**
 * A choice among many, found by typing a part of its name (WAI-ARIA "combobox" with a list): arrows walk what fits,
 * Enter takes it, Escape and leaving the field put the last choice back.
 */
export function ComboboxField(props: Props) {
  const { label, hint, error, problem, aside, className, options, value, onChange, noneText, foundText } =
    props;
  /** What is typed, while somebody looks for another one. */
  const [typed, setTyped] = useState<string>();
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const chosen = options.find((option) => option.value === value);
  const isOpen = typed !== undefined;
  const found = isOpen ? findOptions(options, typed === chosen?.label ? "" : typed) : [];

  function look(text: string, at: number) {
    setTyped(text);
    setActive(at);
    // As the native list does it: the active one stays in sight.
    requestAnimationFrame(() =>
      list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" }),
    );
  }

  function open() {
    const text = chosen?.label ?? "";
    look(
      text,
      Math.max(
        0,
        options.findIndex((option) => option.value === value),
      ),
    );
  }

  function take(option: SelectOption | undefined) {
    if (option === undefined) return;
    setTyped(undefined);
    onChange(option.value);
  }

  return (
    <FieldFrame {...{ label, hint, error, problem, aside }} {...(className && { className })}>
      {(ties) => (
        <div className="relative">
          <input
            {...ties}
            type="text"
            role="combobox"
            aria-expanded={isOpen}
            aria-controls={`${ties.id}-list`}
            aria-autocomplete="list"
            {...(isOpen && found.length > 0 && { "aria-activedescendant": `${ties.id}-${active}` })}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            value={typed ?? chosen?.label ?? value}
            className="control pr-8"
            onChange={(event) => look(event.target.value, 0)}
            onClick={(event) => {
              if (isOpen) return;
              event.currentTarget.select();
              open();
            }}
            onBlur={() => setTyped(undefined)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                const step = event.key === "ArrowDown" ? 1 : -1;
                if (isOpen) look(typed, (active + step + found.length) % Math.max(1, found.length));
                else open();
              } else if (event.key === "Enter" && isOpen) {
                // It takes the choice, and does not send the form with it.
                event.preventDefault();
                take(found[active]);
              } else if (event.key === "Escape" && isOpen) {
                event.preventDefault();
                event.stopPropagation();
                setTyped(undefined);
              }
            }}
          />
          <ChevronDown
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-muted"
          />
          <p role="status" className="sr-only">
            {isOpen ? foundText(found.length) : ""}
          </p>
          {isOpen && (
            <div className="absolute inset-x-0 top-full z-20 mt-1 rounded-lg border border-line bg-raised shadow-float">
              {found.length === 0 && <p className="px-3 py-2 text-muted">{noneText}</p>}
              <div
                ref={list}
                id={`${ties.id}-list`}
                role="listbox"
                aria-label={label}
                // The field keeps the focus.
                onPointerDown={(event) => event.preventDefault()}
                className={classes("max-h-64 overflow-y-auto p-1", found.length === 0 && "hidden")}
              >
                {found.map((option, index) => (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and its keys
                  // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names the active one
                  <div
                    key={option.value}
                    id={`${ties.id}-${index}`}
                    role="option"
                    aria-selected={option.value === value}
                    {...(index === active && { "data-active": true })}
                    onClick={() => take(option)}
                    className={classes(
                      "flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-sunken pointer-coarse:min-h-11",
                      index === active &&
                        "bg-accent-soft outline-1 outline-accent -outline-offset-1 hover:bg-accent-soft",
                    )}
                  >
                    <span className="min-w-0 flex-1 break-words">{option.label}</span>
                    {option.value === value && <Check aria-hidden className="size-4 shrink-0 text-accent" />}
                  </div>
                ))}
              </div>
            </div>
          )}
        </div>
      )}
    </FieldFrame>
  );
}
