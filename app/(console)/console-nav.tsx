"use client";

import { PlaceLink } from "./place-link.tsx";
import { SoftLink } from "./soft-link.tsx";

interface ConsoleNavProps {
  readonly label: string;
  readonly brand: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

/** Brand and main links; the current one is marked for the eye and for a screen reader. */
export function ConsoleNav({ label, brand, links }: ConsoleNavProps) {
  return (
    <>
      <SoftLink href="/connections" className="shrink-0 rounded-sm font-semibold text-ink tracking-tight">
        {brand}
      </SoftLink>
      <nav aria-label={label} className="flex min-w-0 items-center gap-1 overflow-x-auto">
        {links.map(({ href, label: text }) => (
          <PlaceLink
            key={href}
            href={href}
            within
            className="rounded-md px-2.5 py-1.5 text-sm"
            looks={["bg-accent-soft font-medium text-ink", "text-muted hover:text-ink"]}
          >
            {text}
          </PlaceLink>
        ))}
      </nav>
    </>
  );
}
