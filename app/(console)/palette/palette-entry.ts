import type { Theme } from "#lib/team/preference-values.ts";

export const kinds = ["connection", "page", "settings", "help", "action", "problem", "provider"] as const;

/** What an entry does besides leading to a page. */
export type PaletteAct = "test" | "sign-out" | "keys" | `theme-${Theme}`;

/** One line of the palette. */
export interface PaletteEntry {
  /** The same on every visit: what was chosen lately is remembered by it. */
  readonly id: string;
  readonly kind: (typeof kinds)[number];
  readonly title: string;
  readonly detail?: string;
  /** What it is also found by. */
  readonly more?: string;
  /** Where it leads. */
  readonly href?: string;
  readonly act?: PaletteAct;
}

export const paletteWords = [
  "label",
  "placeholder",
  "result",
  "results",
  "none",
  "noneHint",
  "failed",
  "choose",
  "newTab",
] as const;

/** The keys that hold on a page of the console, besides those of the connected view. */
export const pageKeys = ["palette", "keys", "toasts", "search", "paste", "test"] as const;
export type PageKey = (typeof pageKeys)[number];

/** What the palette says, and all that it knows of by itself; connections and problems are asked for. */
export interface PaletteIndex {
  readonly words: Readonly<Record<(typeof paletteWords)[number], string>>;
  readonly kinds: Readonly<Record<PaletteEntry["kind"], string>>;
  readonly keys: Readonly<Record<PageKey | "title" | "close" | "single" | "singleHint" | "more", string>>;
  readonly entries: readonly PaletteEntry[];
}

/** What the console found of the rest. */
export interface PaletteFound {
  /** The best one first, with what can be done with it. */
  readonly connections: readonly PaletteEntry[];
  readonly problems: readonly PaletteEntry[];
}
