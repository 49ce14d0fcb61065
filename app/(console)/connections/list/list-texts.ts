import type { Messages } from "#messages/load-messages.ts";

/**
 * The words that the list starts with, as they stand in the messages: none of them has a plural, so the browser need not
 * have learned to read those yet.
 */
export type ListTexts = Messages["list"];

/** Fills in what stands in braces. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
