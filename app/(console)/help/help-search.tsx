"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import {
  type FormEvent,
  type KeyboardEvent,
  startTransition,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { buttonClasses } from "#components/ui/button.tsx";
import { withoutSecrets } from "../without-secrets.ts";

interface Props {
  /** What was searched. */
  readonly search: string;
  readonly labels: { readonly label: string; readonly hint: string; readonly submit: string };
  /** Whether the page answers while somebody types. */
  readonly live?: boolean;
}

/** Somebody who types goes on typing; only then is it asked. */
const restMs = 200;

/**
 * The search box of the help. A form that any browser sends by itself; with scripts the answer comes while one types,
 * and what looks like a password in a string is left out of the address.
 */
export function HelpSearch({ search, labels, live = false }: Props) {
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState(search);
  const asked = useRef(search);
  // Another page of the same search, by Back or by a link.
  useEffect(() => {
    if (search === asked.current) return;
    asked.current = search;
    setText(search);
  }, [search]);

  useEffect(() => {
    const wanted = withoutSecrets(text);
    if (!live || wanted === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = wanted;
      startTransition(() => router.replace(addressOf(wanted), { scroll: false }));
    }, restMs);
    return () => clearTimeout(timer);
  }, [live, router, text]);

  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    asked.current = withoutSecrets(text);
    router.push(addressOf(asked.current));
  };
  const askByEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <search>
      <form action="/help" method="get" onSubmit={ask} className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium text-[0.8125rem]">
          {labels.label}
        </label>
        <div className="flex items-start gap-2 max-sm:flex-col max-sm:items-stretch">
          {/* A text of several lines: an `<input>` would join the lines of a pasted trace into one word. */}
          <textarea
            id={id}
            name="q"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={askByEnter}
            aria-describedby={`${id}-hint`}
            rows={2}
            maxLength={4000}
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            className="control field-sizing-content max-h-60 min-h-16 resize-y font-mono text-[0.8125rem]"
          />
          <button type="submit" className={`${buttonClasses({ look: "primary" })} gap-2`}>
            <Search aria-hidden className="size-4" />
            {labels.submit}
          </button>
        </div>
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {labels.hint}
        </p>
      </form>
    </search>
  );
}

function addressOf(search: string): string {
  return search.trim() === "" ? "/help" : `/help?q=${encodeURIComponent(search)}`;
}
