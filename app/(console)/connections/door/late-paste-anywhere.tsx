"use client";

import { useLate } from "../../use-late.ts";

/** Listens for a paste when the page is usable. */
export function LatePasteAnywhere() {
  const Listener = useLate(loadListener);
  return Listener && <Listener />;
}

async function loadListener() {
  return (await import("./paste-anywhere.tsx")).PasteAnywhere;
}
