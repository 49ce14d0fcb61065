import { ChevronRight } from "lucide-react";
import { SoftLink } from "./soft-link.tsx";

interface Props {
  /** What the trail is called, for a screen reader. */
  readonly label: string;
  /** From the section down to the page above this one. */
  readonly above: readonly { readonly href: string; readonly label: string }[];
  /** This page. */
  readonly here: string;
}

/** The way from the section down to this page; each step but the last leads there. */
export function Breadcrumb({ label, above, here }: Props) {
  return (
    <nav aria-label={label} className="mb-2 text-fact">
      <ol className="flex flex-wrap items-center gap-x-1.5 text-muted">
        {above.map((step) => (
          <li key={step.href} className="flex min-w-0 items-center gap-x-1.5">
            <SoftLink
              href={step.href}
              className="inline-flex min-h-6 min-w-0 items-center break-words rounded-sm underline-offset-4 hover:text-ink hover:underline"
            >
              {step.label}
            </SoftLink>
            <ChevronRight aria-hidden className="size-3.5 shrink-0" />
          </li>
        ))}
        <li aria-current="page" className="min-w-0 break-words text-ink">
          {here}
        </li>
      </ol>
    </nav>
  );
}
