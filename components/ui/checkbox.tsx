import { type ComponentProps, type ReactNode, useId } from "react";
import { FieldError } from "./field.tsx";

interface Props extends Omit<ComponentProps<"input">, "type" | "className"> {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong, in words; its presence marks the box as invalid. */
  readonly error?: ReactNode;
  /** The problem's permanent code, for `data-problem`. */
  readonly problem?: string | undefined;
}

/** A tick box with its label and what it means. */
export function Checkbox({ label, hint, error, problem, ...input }: Props) {
  const id = useId();
  const described = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        {...(described !== "" && { "aria-describedby": described })}
        {...(error !== undefined && { "aria-invalid": true })}
        {...input}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 cursor-pointer accent-accent disabled:cursor-default"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        {error !== undefined && (
          <FieldError id={`${id}-error`} problem={problem}>
            {error}
          </FieldError>
        )}
        {hint !== undefined && (
          <div id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
