"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button.tsx";

interface Props {
  /** What is copied, or what gives it when pressed. */
  readonly text: string | (() => string);
  readonly label: string;
  /** Said and shown for a moment after it worked. */
  readonly copiedLabel: string;
  /** Said when the browser refuses (a page over plain http has no clipboard). */
  readonly failedLabel: string;
  readonly iconOnly?: boolean;
}

/** Copies a text and says so. */
export function CopyButton({ text, label, copiedLabel, failedLabel, iconOnly = false }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");

  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);

  const said = state === "copied" ? copiedLabel : state === "failed" ? failedLabel : label;
  return (
    <Button
      look="quiet"
      size="sm"
      onClick={() => {
        copyText(typeof text === "string" ? text : text()).then((copied) =>
          setState(copied ? "copied" : "failed"),
        );
      }}
      {...(iconOnly && { "aria-label": label, title: label })}
    >
      {state === "copied" ? (
        <Check aria-hidden className="size-3.5" />
      ) : (
        <Copy aria-hidden className="size-3.5" />
      )}
      {iconOnly ? (
        <span role="status" className="sr-only">
          {state === "idle" ? "" : said}
        </span>
      ) : (
        <span aria-live="polite">{said}</span>
      )}
    </Button>
  );
}

/** @returns whether the text is on the clipboard */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
