"use client";

import { usePathname } from "next/navigation";
import { classes } from "#components/ui/classes.ts";
import { SoftLink } from "./soft-link.tsx";

interface Props {
  readonly href: string;
  readonly children: string;
  readonly className: string;
  /** Added where this place is shown, and where another is. */
  readonly looks: readonly [here: string, elsewhere: string];
}

/**
 * A link of a navigation: the place that is shown is marked for the eye and for a screen reader. One file for all of
 * them, since every page has it anyway.
 */
export function PlaceLink({ href, children, className, looks: [here, elsewhere] }: Props) {
  const path = usePathname();
  const isHere = path === href;
  return (
    <SoftLink
      href={href}
      aria-current={isHere ? "page" : undefined}
      className={classes(className, isHere ? here : elsewhere)}
    >
      {children}
    </SoftLink>
  );
}
