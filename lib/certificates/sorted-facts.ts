import type { Problem } from "#lib/problems/problem.ts";
import type { MaterialBox } from "./pem-kind.ts";

/** More than any bundle of certificates, and little enough to be looked through at once. */
export const mostGivenBytes = 1_048_576;
export const mostGivenFiles = 100;

/** One thing to tell about what was given and where it went. */
export type SortNote =
  /** So many certificates, keys or lists went into this box; `from` names up to five files. */
  | {
      readonly kind: "placed";
      readonly box: MaterialBox;
      readonly count: number;
      readonly from: readonly string[];
    }
  /** Nothing of it belongs into the box that it was given in. */
  | { readonly kind: "wrong-box"; readonly box: MaterialBox }
  | { readonly kind: "duplicates"; readonly count: number }
  /** Keys beyond the one that a connection uses. */
  | { readonly kind: "keys-left"; readonly count: number };

/** The console's answer to files that were to be sorted: the boxes' new content, or why there is none. */
export type SortAnswer =
  | {
      readonly type: "sorted";
      readonly boxes: Readonly<Record<MaterialBox, string>>;
      readonly notes: readonly SortNote[];
      readonly problems: readonly Problem[];
    }
  | { readonly type: "refused"; readonly problem: Problem };
