"use client";

import { useEffect, useState } from "react";
import type { MaterialFacts } from "#lib/certificates/material.ts";
import type { MaterialBox } from "#lib/certificates/pem-kind.ts";

export interface Asked {
  readonly box: MaterialBox;
  readonly text: string;
  /** Only sent along with an encrypted key. */
  readonly passphrase?: string;
  /** Only sent along with a key, to see whether it belongs. */
  readonly certificate?: string;
}

export interface Reading {
  readonly state: "empty" | "reading" | "read" | "unread";
  readonly facts?: MaterialFacts;
}

/** Long enough that a passphrase being typed is not tried letter by letter. */
const restMs = 300;

/** What the console understands of a box's text: asked a moment after the last change, the newest answer wins. */
export function useMaterialFacts({ box, text, passphrase = "", certificate = "" }: Asked): Reading {
  const [reading, setReading] = useState<Reading>({ state: "empty" });

  useEffect(() => {
    if (text.trim() === "") {
      setReading({ state: "empty" });
      return;
    }
    const abort = new AbortController();
    setReading((before) => (before.facts ? { state: "reading", facts: before.facts } : { state: "reading" }));
    const timer = setTimeout(() => {
      askForFacts({ box, text, passphrase, certificate }, abort.signal).then(
        (facts) => setReading(facts ? { state: "read", facts } : { state: "unread" }),
        () => {
          if (!abort.signal.aborted) setReading({ state: "unread" });
        },
      );
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [box, text, passphrase, certificate]);

  return reading;
}

/** @returns undefined when the console refused to read it */
async function askForFacts(asked: Asked, signal: AbortSignal): Promise<MaterialFacts | undefined> {
  const response = await fetch("/api/material", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
    signal,
  });
  return response.ok ? ((await response.json()) as MaterialFacts) : undefined;
}
