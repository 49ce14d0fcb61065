import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "./classes.ts";

/** What every labelled control has around it. */
export interface FieldTexts {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong, in words; its presence marks the control as invalid. */
  readonly error?: ReactNode;
  /** The problem's permanent code, for `data-problem`. */
  readonly problem?: string | undefined;
  /** Stands at the end of the label's line: a link, a small button. */
  readonly aside?: ReactNode;
  /** For the place in a grid. */
  readonly className?: string;
}

/** The attributes that tie a control to its hint and its error. */
export interface FieldTies {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

interface FrameProps extends FieldTexts {
  readonly children: (ties: FieldTies) => ReactNode;
}

/** Label, control, hint and error, tied together for screen readers. */
export function FieldFrame({ label, hint, error, problem, aside, className, children }: FrameProps) {
  const id = useId();
  const hasError = error !== undefined && error !== null && error !== false;
  const described = [hasError && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div data-focus-home className={classes("flex min-w-0 flex-col gap-1", className)}>
      <div className="flex min-h-5 flex-wrap items-baseline justify-between gap-x-3">
        <label htmlFor={id} className="text-[0.8125rem] font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        ...(described !== "" && { "aria-describedby": described }),
        ...(hasError && { "aria-invalid": true as const }),
      })}
      {hasError && (
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
  );
}

interface FieldErrorProps {
  readonly id?: string;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}

/** One line under a control that says what is wrong with it. */
export function FieldError({ id, problem, children }: FieldErrorProps) {
  return (
    <p
      id={id}
      role="alert"
      data-problem={problem}
      className="flex animate-appear items-start gap-1.5 text-xs text-danger"
    >
      <CircleAlert aria-hidden className="mt-px size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}

interface TextFieldProps extends FieldTexts, Omit<ComponentProps<"input">, "className"> {
  /** Monospaced: for what is copied letter by letter. */
  readonly mono?: boolean;
}

/** A one-line text field. Everything else goes to the `<input>`; spread `register(…)` onto it. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, problem, aside, className, mono = false, ...input } = props;
  return (
    <FieldFrame {...{ label, hint, error, problem, aside }} {...(className && { className })}>
      {(ties) => (
        <input
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          {...input}
          {...ties}
          className={classes("control", mono && "font-mono")}
        />
      )}
    </FieldFrame>
  );
}
