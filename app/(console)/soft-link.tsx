"use client";

import { useRouter } from "next/navigation";
import { type ComponentProps, type MouseEvent, useTransition } from "react";

interface Props extends Omit<ComponentProps<"a">, "href" | "target" | "download"> {
  /** A path of this console. */
  readonly href: string;
  /** The page stays where it is scrolled to: for what only changes a part of it. */
  readonly keepPlace?: boolean;
}

/**
 * A link to another page of the console, which comes without a full load. The framework's own also fetches ahead,
 * which no link here wants, and weighs 3 kB on every page for it. While the page is on its way the link is busy, and a
 * line at the top of the window says so once that takes longer than is noticed (globals.css).
 */
export function SoftLink({ href, onClick, keepPlace = false, ...rest }: Props) {
  const router = useRouter();
  const [isComing, startComing] = useTransition();
  return (
    <a
      href={href}
      {...rest}
      {...(isComing && { "aria-busy": true, "data-coming": "" })}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || isForTheBrowser(event)) return;
        event.preventDefault();
        startComing(() => {
          if (keepPlace) router.push(href, { scroll: false });
          else router.push(href);
        });
      }}
    />
  );
}

/** Into another tab or window, or onto the disk. */
function isForTheBrowser({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent): boolean {
  return button !== 0 || metaKey || ctrlKey || shiftKey || altKey;
}
