"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { Answer } from "#app/_server/answer.ts";
import { Button } from "#components/ui/button.tsx";

interface Props {
  readonly connectionId: string;
  readonly rev: number;
  readonly see: (id: string, rev: number) => Promise<Answer<null>>;
  readonly words: { readonly seen: string; readonly failed: string };
}

/** The person has seen where the connection goes now, and goes on. */
export function SeenButton({ connectionId, rev, see, words }: Props) {
  const router = useRouter();
  const [trouble, setTrouble] = useState("");
  const [busy, startBusy] = useTransition();
  return (
    <>
      <Button
        pending={busy}
        onClick={() =>
          startBusy(async () => {
            try {
              const answer = await see(connectionId, rev);
              setTrouble(answer.ok ? "" : answer.explained.title);
            } catch {
              setTrouble(words.failed);
            }
            router.refresh();
          })
        }
      >
        {words.seen}
      </Button>
      <p role="alert" className="mt-1 text-danger text-xs empty:hidden">
        {trouble}
      </p>
    </>
  );
}
