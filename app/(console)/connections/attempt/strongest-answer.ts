import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { FormChange, FormValues } from "#lib/settings/form-values.ts";

/** What `findStrongest` answers. */
export type StrongestAnswer =
  | {
      readonly type: "found";
      /** What differs from the form; empty when it is as strong already. */
      readonly change: FormChange;
      /** Why nothing stronger goes: a title a reason. */
      readonly reasons: readonly { readonly code: string; readonly title: string }[];
      /** What still keeps it from connecting, after TLS. */
      readonly open: Explained | null;
      /** SHA-256 to compare over another channel before the change is applied. */
      readonly compare: string | null;
      readonly tries: number;
    }
  /** Nothing that the form permits leads on. */
  | { readonly type: "stuck"; readonly explained: Explained; readonly tries: number }
  | { readonly type: "cancelled" }
  | { readonly type: "fields"; readonly problems: FieldProblems }
  | { readonly type: "problem"; readonly explained: Explained };

export type StrongestAction = (
  values: FormValues,
  attemptId: string,
  connectionId?: string,
) => Promise<StrongestAnswer>;
