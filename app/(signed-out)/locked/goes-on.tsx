"use client";

import { useEffect } from "react";

/** Says that the page goes on by itself, and does so when the vault opens. */
export function GoesOn({ words }: { readonly words: string }) {
  useEffect(() => {
    const timer = setInterval(async () => {
      const health = await fetch("/api/health", { cache: "no-store" }).catch(() => undefined);
      if (health?.ok) location.replace("/");
    }, everyMs);
    return () => clearInterval(timer);
  }, []);
  return <p className="text-muted">{words}</p>;
}

const everyMs = 3000;
