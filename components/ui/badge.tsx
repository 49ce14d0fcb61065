import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const tones = {
  neutral: "bg-sunken text-muted border-line",
  accent: "bg-accent-soft text-accent border-accent/25",
  success: "bg-success-soft text-success border-success/25",
  warn: "bg-warn-soft text-warn border-warn/30",
  danger: "bg-danger-soft text-danger border-danger/25",
} as const;

export type BadgeTone = keyof typeof tones;

interface Props {
  readonly tone?: BadgeTone;
  readonly children: ReactNode;
  /** For a sentence, which one line may not have room for. */
  readonly wraps?: boolean;
  readonly className?: string;
}

/** A small mark of a state, in words. */
export function Badge({ tone = "neutral", children, wraps = false, className }: Props) {
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1 rounded-md border px-1.5 text-xs leading-5 font-medium max-w-full",
        !wraps && "sm:whitespace-nowrap",
        tones[tone],
        className,
      )}
    >
      {children}
    </span>
  );
}
