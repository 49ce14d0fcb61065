import { CircleCheck, CircleX, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const tones = {
  danger: { frame: "border-danger/35 bg-danger-soft", mark: "text-danger", Icon: CircleX },
  warn: { frame: "border-warn/35 bg-warn-soft", mark: "text-warn", Icon: TriangleAlert },
  success: { frame: "border-success/35 bg-success-soft", mark: "text-success", Icon: CircleCheck },
  info: { frame: "border-line bg-sunken", mark: "text-accent", Icon: Info },
} as const;

export type Tone = keyof typeof tones;

interface Props {
  readonly tone: Tone;
  readonly title?: ReactNode;
  /** `alert` interrupts a screen reader: for what has just gone wrong. */
  readonly role?: "alert" | "status" | "note";
  /** The problem's permanent code, for `data-problem`. */
  readonly problem?: string;
  readonly children?: ReactNode;
  readonly className?: string;
}

/** A framed message. */
export function Alert({ tone, title, role, problem, children, className }: Props) {
  const { frame, mark, Icon } = tones[tone];
  return (
    <div
      {...(role && { role })}
      data-problem={problem}
      className={classes(
        "min-w-0 animate-appear rounded-md border px-3 py-2.5 break-words",
        frame,
        className,
      )}
    >
      <div className="flex gap-2">
        <Icon aria-hidden className={classes("mt-0.5 size-4 shrink-0", mark)} />
        {title === undefined ? (
          <div className="min-w-0 flex-1">{children}</div>
        ) : (
          <p className="min-w-0 flex-1 font-medium">{title}</p>
        )}
      </div>
      {title !== undefined && children}
    </div>
  );
}
