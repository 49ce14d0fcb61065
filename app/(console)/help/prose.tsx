import type { ReactNode } from "react";
import { SoftLink } from "../soft-link.tsx";

/** A part of a help page, in a measure that reads well. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex max-w-[70ch] flex-col gap-2">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** Several sentences of a part, in an order or in none. */
export function Points({
  ordered = false,
  children,
}: {
  readonly ordered?: boolean;
  readonly children: readonly ReactNode[];
}) {
  const List = ordered ? "ol" : "ul";
  return (
    <List
      className={`flex flex-col gap-1.5 pl-5 marker:text-muted ${ordered ? "list-decimal" : "list-disc"}`}
    >
      {children}
    </List>
  );
}

/** Makes of a tag in a message a link to a page of the console. */
export function linkTo(href: string) {
  return (text: ReactNode) => (
    <SoftLink href={href} className="rounded-sm text-accent underline underline-offset-2">
      {text}
    </SoftLink>
  );
}

/** What `<problem>` in a message becomes: the code, and the way to its page. */
export function problemLink(text: ReactNode) {
  return (
    <SoftLink
      href={`/help/problems/${String(text)}`}
      className="rounded-sm font-mono text-[0.9em] text-accent underline underline-offset-2"
    >
      {text}
    </SoftLink>
  );
}
