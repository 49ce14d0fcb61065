"use client";

import { lazy, Suspense, use } from "react";
import { ErrorWords } from "./error-words.tsx";

/** Hardly ever seen, so no page brings it. Where it cannot be had either, `global-error.tsx` takes over. */
const Surprise = lazy(async () => ({ default: (await import("./surprise.tsx")).Surprise }));

/** A surprise: told with its reference, which also stands in the server's log. */
export default function ConsoleError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const words = use(ErrorWords);
  return (
    <Suspense>
      <Surprise words={words} reference={error.digest ?? "–"} onRetry={reset} />
    </Suspense>
  );
}
