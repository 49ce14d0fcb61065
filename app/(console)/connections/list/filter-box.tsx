"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useRef } from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";

interface Props {
  /** What its button shows. */
  readonly head: ReactNode;
  readonly children: ReactNode;
}

/** A form behind a button. It works without scripts, too; with them it acts as soon as something is chosen. */
export function FilterBox({ head, children }: Props) {
  const router = useRouter();
  const box = useRef<HTMLDetailsElement>(null);
  const close = () => {
    if (box.current !== null) box.current.open = false;
  };
  return (
    <details
      ref={box}
      className="relative"
      onBlur={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && box.current?.contains(relatedTarget))) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || box.current?.open !== true) return;
        close();
        box.current.querySelector("summary")?.focus();
      }}
    >
      <summary className={classes(buttonClasses({}), "list-none [&::-webkit-details-marker]:hidden")}>
        {head}
      </summary>
      <form
        action="/connections"
        tabIndex={-1}
        onChange={(event) => {
          const words = new URLSearchParams();
          for (const [name, value] of new FormData(event.currentTarget))
            if (value !== "") words.append(name, String(value));
          const text = words.toString();
          router.push(text === "" ? "/connections" : `/connections?${text}`, { scroll: false });
        }}
        className="absolute left-0 z-25 mt-1 flex w-[min(20rem,calc(100vw-2rem))] flex-col gap-3 rounded-lg border border-line bg-raised p-4 shadow-float outline-none max-sm:fixed max-sm:inset-x-4 max-sm:w-auto"
      >
        {children}
      </form>
    </details>
  );
}
