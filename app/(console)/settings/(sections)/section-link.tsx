"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { classes } from "#components/ui/classes.ts";

/** A link to one page of Settings; the one that is shown says so. */
export function SectionLink({ href, children }: { readonly href: string; readonly children: string }) {
  const isHere = usePathname() === href;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isHere ? "page" : undefined}
      className={classes(
        "shrink-0 rounded-md px-2.5 py-1.5 text-sm hover:bg-sunken hover:text-ink",
        isHere ? "bg-sunken font-medium text-ink" : "text-muted",
      )}
    >
      {children}
    </Link>
  );
}
