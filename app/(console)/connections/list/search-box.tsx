"use client";

import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

interface SearchBoxProps {
  readonly label: string;
  readonly hint: string;
  readonly initial: string;
  /** Where it leads without a search, from the first page; left out, to this page alone. */
  readonly path?: string;
}

/** Narrows the list as one types. The search stands in the address, so it survives a reload and can be shared. */
export function SearchBox({ label, hint, initial, path }: SearchBoxProps) {
  const router = useRouter();
  const here = usePathname();
  const [text, setText] = useState(initial);
  const shown = useRef(initial);
  const base = path ?? here;

  // A link may have led to another search meanwhile, or to none.
  useEffect(() => {
    if (initial === shown.current.trim()) return;
    shown.current = initial;
    setText(initial);
  }, [initial]);

  useEffect(() => {
    if (text === shown.current) return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const { withoutSecrets } = await import("../../without-secrets.ts");
      const wanted = withoutSecrets(text);
      if (isOver || wanted === shown.current) return;
      shown.current = wanted;
      const search =
        wanted === "" ? "" : `${base.includes("?") ? "&" : "?"}search=${encodeURIComponent(wanted)}`;
      router.replace(`${base}${search}`, { scroll: false });
    }, 200);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text, base, router]);

  return (
    <search className="relative w-full max-w-full sm:w-72">
      <Search
        aria-hidden="true"
        className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-2.5 size-4 text-muted"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={hint}
        value={text}
        maxLength={200}
        onChange={(event) => setText(event.target.value)}
        className="control pl-8"
      />
    </search>
  );
}
