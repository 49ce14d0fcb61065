"use client";

import { usePathname } from "next/navigation";
import { type Section, sectionOf } from "./section-of.ts";
import { SoftLink } from "./soft-link.tsx";

interface ConsoleNavProps {
  readonly label: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

/** The main links; the one that the page belongs to is marked for the eye and for a screen reader. */
export function ConsoleNav({ label, links }: ConsoleNavProps) {
  const path = usePathname();
  const here: Section | undefined = sectionOf(path);
  return (
    <nav aria-label={label} className="flex h-full min-w-0 items-stretch overflow-x-auto sm:gap-1">
      {links.map(({ href, label: text }) => (
        <SoftLink
          key={href}
          href={href}
          aria-current={
            here !== undefined && sectionOf(href) === here ? (path === href ? "page" : "true") : undefined
          }
          className="flex items-center border-transparent border-b-2 px-2 pt-0.5 text-muted text-sm -outline-offset-4 transition-colors hover:text-ink aria-[current]:border-b-accent aria-[current]:font-medium aria-[current]:text-ink forced-colors:border-b-0 forced-colors:aria-[current]:underline max-[24rem]:px-1 sm:px-3"
        >
          {text}
        </SoftLink>
      ))}
    </nav>
  );
}
