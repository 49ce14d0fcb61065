"use client";

import { usePathname } from "next/navigation";
import { type Section, sectionOf } from "./section-of.ts";
import { SoftLink } from "./soft-link.tsx";

interface Props {
  readonly label: string;
  readonly links: readonly { readonly href: string; readonly label: string }[];
  /** A link stands for all that lies below it too, and is marked there. */
  readonly marksBelow?: boolean;
  readonly className: string;
  /** With what is to be seen of a link that is marked: `aria-[current]:…`. */
  readonly linkClassName: string;
}

/**
 * Links side by side; the one that the page belongs to is marked for the eye and for a screen reader. One component for
 * the header and for Settings: the frame of every page brings it, and Settings needs no file of its own.
 */
export function PlaceNav({ label, links, marksBelow = false, className, linkClassName }: Props) {
  const path = usePathname();
  const here: Section | undefined = marksBelow ? sectionOf(path) : undefined;
  return (
    <nav aria-label={label} className={className}>
      {links.map(({ href, label: text }) => (
        <SoftLink
          key={href}
          href={href}
          aria-current={
            path === href ? "page" : here !== undefined && sectionOf(href) === here ? "true" : undefined
          }
          className={linkClassName}
        >
          {text}
        </SoftLink>
      ))}
    </nav>
  );
}
