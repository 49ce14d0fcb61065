import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { FieldFrame, type FieldTexts } from "./field.tsx";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
}

interface Props extends FieldTexts, Omit<ComponentProps<"select">, "className" | "children"> {
  readonly options: readonly SelectOption[];
}

/** A native drop-down: role combobox, the platform's own keyboard and touch behaviour. */
export function SelectField(props: Props) {
  const { label, hint, error, problem, aside, className, options, ...select } = props;
  return (
    <FieldFrame {...{ label, hint, error, problem, aside }} {...(className && { className })}>
      {(ties) => (
        <div className="relative">
          <select {...select} {...ties} className={classes("control appearance-none truncate pr-8")}>
            {options.map((option) => (
              <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-muted"
          />
        </div>
      )}
    </FieldFrame>
  );
}
