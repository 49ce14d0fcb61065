"use client";

import { useEffect, useState } from "react";

export type PemReader = typeof import("#lib/certificates/pem-kind.ts");

let reader: PemReader | undefined;

/** What reads PEM; most forms never hold any, so it is fetched with the first touch of the form. */
export async function loadPemReader(): Promise<PemReader> {
  reader ??= await import("#lib/certificates/pem-kind.ts");
  return reader;
}

/** What decides what a box holds of what is given to it. */
export async function loadTextForBox(): Promise<typeof import("./text-for-box.ts").textForBox> {
  return (await import("./text-for-box.ts")).textForBox;
}

/** The reader, where something has fetched it. */
export function pemReader(): PemReader | undefined {
  return reader;
}

/**
 * The reader for a text, fetched as soon as there is one.
 * @returns undefined while there is nothing to read, or nothing to read it with
 */
export function usePemReader(text: string): PemReader | undefined {
  const [, setLoaded] = useState(reader !== undefined);
  const isNeeded = text !== "";
  useEffect(() => {
    if (isNeeded) void loadPemReader().then(() => setLoaded(true));
  }, [isNeeded]);
  return isNeeded ? reader : undefined;
}
