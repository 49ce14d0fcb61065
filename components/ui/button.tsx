import type { ComponentProps } from "react";
import { classes } from "./classes.ts";
import { Spinner } from "./spinner.tsx";

const looks = {
  primary:
    "bg-accent text-accent-ink border-transparent shadow-button not-disabled:hover:bg-accent-strong font-medium",
  secondary:
    "bg-surface text-ink border-control shadow-button not-disabled:hover:bg-sunken not-disabled:hover:border-muted",
  quiet: "border-transparent text-muted not-disabled:hover:bg-sunken not-disabled:hover:text-ink",
  danger:
    "bg-danger text-danger-ink border-transparent shadow-button not-disabled:hover:bg-danger-strong font-medium",
} as const;

/** On a narrow screen a long word of another language takes a second line before it widens the page. */
const sizes = {
  md: "min-h-9 px-3.5 py-1 gap-2 text-sm sm:whitespace-nowrap sm:shrink-0 max-w-full pointer-coarse:min-h-11",
  sm: "min-h-7 px-2.5 py-0.5 gap-1.5 text-[0.8125rem] sm:whitespace-nowrap sm:shrink-0 max-w-full pointer-coarse:min-h-9",
  /** For a sentence: as many lines as it needs. */
  wrap: "min-h-7 px-2.5 py-1 gap-1.5 text-[0.8125rem] text-left max-w-full pointer-coarse:min-h-11",
} as const;

export interface ButtonLook {
  readonly look?: keyof typeof looks;
  readonly size?: keyof typeof sizes;
}

/** The class names of a button, for links that look like one. */
export function buttonClasses({ look = "secondary", size = "md" }: ButtonLook): string {
  return classes(
    "inline-flex items-center justify-center rounded-md border transition select-none wrap-break-word",
    "not-disabled:active:translate-y-px not-disabled:active:shadow-none disabled:opacity-55 aria-disabled:opacity-55",
    looks[look],
    sizes[size],
  );
}

interface Props extends ComponentProps<"button">, ButtonLook {
  /** Work goes on: a ring turns and a second press does nothing. The button stays focusable. */
  readonly pending?: boolean;
}

/** A button. `type` is `button` unless said otherwise, so that none submits a form by accident. */
export function Button({ look, size, pending = false, className, children, onClick, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      {...(pending && { "aria-busy": true, "aria-disabled": true })}
      onClick={(event) => {
        if (pending) event.preventDefault();
        else onClick?.(event);
      }}
      className={classes(buttonClasses({ ...(look && { look }), ...(size && { size }) }), className)}
    >
      {pending && <Spinner className="-ml-0.5" />}
      {children}
    </button>
  );
}
