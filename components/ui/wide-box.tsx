import type { ReactNode } from "react";

interface Props {
  /** What it holds, for those who do not see it. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Scrolls sideways by itself, by keyboard too, where its contents are wider than the page. */
export function WideBox({ label, children }: Props) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto rounded-sm"
    >
      {children}
    </section>
  );
}
