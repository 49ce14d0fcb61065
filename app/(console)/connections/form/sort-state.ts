import type { SortAnswer } from "#lib/certificates/sorted-facts.ts";
import type { Problem } from "#lib/problems/problem.ts";

/** How far the sorting of what was given has come. */
export type SortState =
  | { readonly kind: "idle" | "sorting" | "unread" | "too-large" }
  | { readonly kind: "sorted"; readonly answer: Extract<SortAnswer, { type: "sorted" }> }
  | { readonly kind: "refused"; readonly problem: Problem }
  /** A PKCS#12 file waits for its password. */
  | { readonly kind: "locked"; readonly problem: Problem };
