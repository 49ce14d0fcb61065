import { type ComponentProps, type ReactNode, useId } from "react";

interface Props extends Omit<ComponentProps<"input">, "type" | "className"> {
  readonly label: string;
  readonly hint?: ReactNode;
}

/** A tick box with its label and what it means. */
export function Checkbox({ label, hint, ...input }: Props) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        {...(hint !== undefined && { "aria-describedby": `${id}-hint` })}
        {...input}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 cursor-pointer accent-accent disabled:cursor-default"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        {hint !== undefined && (
          <div id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </div>
        )}
      </div>
    </div>
  );
}
