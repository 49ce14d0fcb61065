import { type ReactNode, useId } from "react";
import { classes } from "./classes.ts";
import { FieldError } from "./field.tsx";

export interface RadioCard<Value extends string> {
  readonly value: Value;
  readonly title: string;
  /** One line: what choosing it means. */
  readonly meaning: ReactNode;
  readonly badge?: ReactNode;
  readonly disabled?: boolean;
}

interface Props<Value extends string> {
  readonly label: string;
  readonly name: string;
  readonly value: Value;
  readonly cards: readonly RadioCard<Value>[];
  readonly onChange: (value: Value) => void;
  /** Whether the meaning is part of the radio's name, or only describes it. */
  readonly meaningInName?: boolean;
  readonly error?: ReactNode;
  readonly problem?: string | undefined;
  readonly columns?: string;
}

/** A choice of one, each with its meaning in sight: native radios in a named radiogroup. */
export function RadioCards<Value extends string>(props: Props<Value>) {
  const { label, name, value, cards, onChange, meaningInName = false, error, problem, columns } = props;
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== false;
  return (
    <div
      role="radiogroup"
      aria-labelledby={`${id}-label`}
      {...(hasError && { "aria-describedby": `${id}-error`, "aria-invalid": true })}
      className="flex flex-col gap-1.5"
    >
      <div id={`${id}-label`} className="text-[0.8125rem] font-medium">
        {label}
      </div>
      <div className={classes("grid gap-2", columns)}>
        {cards.map((card) => (
          <label
            key={card.value}
            className={classes(
              "flex items-start gap-2.5 rounded-lg border px-3 py-2.5 transition-colors",
              "has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent",
              card.disabled ? "border-line text-muted" : "border-control/60 bg-surface hover:border-control",
            )}
          >
            <input
              type="radio"
              name={`${name}-${id}`}
              value={card.value}
              checked={card.value === value}
              disabled={card.disabled ?? false}
              onChange={() => onChange(card.value)}
              aria-labelledby={
                meaningInName ? `${id}-${card.value} ${id}-${card.value}-meaning` : `${id}-${card.value}`
              }
              {...(!meaningInName && { "aria-describedby": `${id}-${card.value}-meaning` })}
              className="mt-[3px] size-3.5 shrink-0 accent-accent focus-visible:outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-x-2">
                <span id={`${id}-${card.value}`} className="font-medium">
                  {card.title}
                </span>
                {card.badge}
              </span>
              <span id={`${id}-${card.value}-meaning`} className="block text-xs text-muted">
                {card.meaning}
              </span>
            </span>
          </label>
        ))}
      </div>
      {hasError && (
        <FieldError id={`${id}-error`} problem={problem}>
          {error}
        </FieldError>
      )}
    </div>
  );
}
