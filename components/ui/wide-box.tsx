import type { ReactNode } from "react";

interface Props {
  /** What it holds, for those who do not see it. */
  readonly label: string;
  /** Its contents may be longer than is seemly: it scrolls down as well. */
  readonly low?: boolean;
  readonly children: ReactNode;
}

/** Scrolls sideways by itself, by keyboard too, where its contents are wider than the page. */
export function WideBox({ label, low = false, children }: Props) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={low ? "max-h-56 overflow-auto rounded-sm" : "overflow-x-auto rounded-sm"}
    >
      {children}
    </section>
  );
}
