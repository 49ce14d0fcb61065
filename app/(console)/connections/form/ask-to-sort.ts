import type { MaterialBox } from "#lib/certificates/material-boxes.ts";
import { mostGivenBytes, type SortAnswer } from "#lib/certificates/sorted-facts.ts";
import { loadTextForBox } from "./pem-reader.ts";

/** A file as it is sent. */
export interface Encoded {
  readonly name: string;
  readonly base64: string;
}

/** @returns undefined when the console gave no answer that can be used */
export async function askToSort(given: {
  readonly files: readonly Encoded[];
  readonly password?: string;
  readonly into?: MaterialBox;
}): Promise<SortAnswer | undefined> {
  try {
    const response = await fetch("/api/material/sort", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(given),
    });
    return response.ok ? ((await response.json()) as SortAnswer) : undefined;
  } catch {
    return undefined;
  }
}

export async function encoded(file: File): Promise<Encoded> {
  return { name: file.name.slice(0, 1024), base64: base64Of(new Uint8Array(await file.arrayBuffer())) };
}

export function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * What a box is to hold of a file, for a place that shows no more than that: sorted where it has to be.
 * @returns undefined when it is too large, or nothing of it belongs in that box
 */
export async function fileForBox(box: MaterialBox, file: File): Promise<string | undefined> {
  if (file.size > mostGivenBytes) return undefined;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = (await loadTextForBox())(box, bytes);
  if (text !== undefined) return text;
  const answer = await askToSort({ files: [{ name: "", base64: base64Of(bytes) }], into: box });
  return (answer?.type === "sorted" && answer.boxes[box]) || undefined;
}
