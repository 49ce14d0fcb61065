"use client";

import { Check } from "lucide-react";
import { useEffect, useState } from "react";
import { takeSaved } from "./form/just-saved.ts";

/** Says on the list that the form before it was saved. */
export function SavedNote({ words }: { /** With `{name}` where the name goes. */ readonly words: string }) {
  const [name, setName] = useState<string>();
  useEffect(() => {
    const saved = takeSaved();
    if (saved !== undefined) setName(saved);
  }, []);
  return (
    <p role="status" className="mb-3 flex items-center gap-1.5 text-success text-sm empty:hidden">
      {name !== undefined && (
        <>
          <Check aria-hidden className="size-4 shrink-0" />
          <span className="min-w-0 break-words">{words.replace("{name}", () => name)}</span>
        </>
      )}
    </p>
  );
}
