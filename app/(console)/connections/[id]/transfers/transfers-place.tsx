"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import { onTransfer } from "./transfer-begun.ts";
import { withWords } from "./with-words.tsx";

const TransfersPanel = lazy(() =>
  withWords(import("./transfers-panel.tsx").then((file) => file.TransfersPanel)),
);

/** Where exports and imports show, from the first one on. */
export function TransfersPlace({ connectionId }: { readonly connectionId: string }) {
  const [round, setRound] = useState(0);
  const [closed, setClosed] = useState(0);
  useEffect(() => onTransfer(() => setRound((before) => before + 1)), []);
  return (
    <Suspense fallback={null}>
      {round > closed && (
        <TransfersPanel connectionId={connectionId} round={round} onClose={() => setClosed(round)} />
      )}
    </Suspense>
  );
}
