import { type ReactNode, useId } from "react";
import { classes } from "./classes.ts";

interface Props {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A titled group on the page, with a heading of the second level. */
export function Card({ title, lead, aside, children, className }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={classes("rounded-xl border border-line bg-surface shadow-card", className)}
    >
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-4 pt-4 sm:px-6 sm:pt-5">
        <div className="min-w-0">
          <h2 id={id} className="text-base font-semibold tracking-tight">
            {title}
          </h2>
          {lead !== undefined && <p className="mt-0.5 max-w-prose text-muted text-sm">{lead}</p>}
        </div>
        {aside}
      </header>
      <div className="flex flex-col gap-4 px-4 pt-3.5 pb-4 sm:px-6 sm:pb-6">{children}</div>
    </section>
  );
}
