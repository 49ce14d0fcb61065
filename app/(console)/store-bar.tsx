"use client";

import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

/**
 * Says on every page that the store does not answer, and goes by itself. A page that comes without a full load leaves this
 * frame as it is, so the bar asks with each; with nobody at the page it asks nothing, but to go away.
 */
export function StoreBar({ words: first }: { readonly words: string | null }) {
  const path = usePathname();
  const { refresh } = useRouter();
  const [words, setWords] = useState(first);
  const asked = useRef(path);
  useEffect(() => {
    let isOver = false;
    const ask = async () => {
      const answer = await fetch("/api/store-away", { cache: "no-store" }).catch(() => undefined);
      if (isOver || !answer?.ok) return;
      const now: string | null = (await answer.json()).words;
      setWords(now);
      if (now === null && words !== null) refresh();
    };
    if (asked.current !== path) {
      asked.current = path;
      void ask();
    }
    const timer = words === null ? undefined : setInterval(ask, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [path, words, refresh]);
  return (
    <p
      role="status"
      className="border-line border-b bg-warn-soft px-4 py-2 text-center text-sm text-warn empty:hidden"
    >
      {words}
    </p>
  );
}

const everyMs = 3000;
