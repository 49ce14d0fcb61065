"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { lockWriting } from "./unlock-actions.ts";

interface Props {
  readonly connectionId: string;
  /** How long writing stays unlocked from now on, ms. */
  readonly leftMs: number;
  readonly words: {
    readonly failed: string;
    readonly banner: string /** With `{left}`. */;
    readonly left: string;
    readonly lock: string;
  };
}

/** Counts down while writing on Production is unlocked; at its end the page is read anew. */
export function UnlockBanner({ connectionId, leftMs, words }: Props) {
  const router = useRouter();
  const [left, setLeft] = useState(leftMs);
  const [trouble, setTrouble] = useState("");
  const [busy, startBusy] = useTransition();

  useEffect(() => {
    const until = performance.now() + leftMs;
    setLeft(leftMs);
    const timer = setInterval(() => {
      const now = Math.max(0, until - performance.now());
      setLeft(now);
      if (now > 0) return;
      clearInterval(timer);
      router.refresh();
    }, 1000);
    return () => clearInterval(timer);
  }, [leftMs, router]);

  return (
    <section
      aria-label={words.banner}
      className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-danger/35 bg-danger-soft px-4 py-2 text-[0.8125rem]"
    >
      <p className="mr-auto">
        <span className="font-medium text-danger">{words.banner}</span>{" "}
        <span role="timer" aria-live="off" className="tabular-nums">
          {words.left.replace("{left}", () => clock(left))}
        </span>
      </p>
      <Button
        size="sm"
        pending={busy}
        onClick={() =>
          startBusy(async () => {
            try {
              const answer = await lockWriting(connectionId);
              setTrouble(answer.ok ? "" : answer.explained.title);
            } catch {
              setTrouble(words.failed);
            }
            router.refresh();
          })
        }
      >
        {words.lock}
      </Button>
      <p role="alert" className="basis-full text-danger empty:hidden">
        {trouble}
      </p>
    </section>
  );
}

/** `3:59:59` or `14:09`. */
function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
