import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { ProfileView } from "#lib/profiles/view.ts";

/** What `saveConnection` answers. */
export type SaveAnswer =
  | {
      readonly type: "saved";
      readonly view: ProfileView;
      /** Backups still hold a secret that was replaced or removed: words, for who may take it out of them. */
      readonly oldSecret?: { readonly text: string; readonly label: string };
    }
  | { readonly type: "fields"; readonly problems: FieldProblems }
  /** Somebody saved meanwhile: nothing was written. */
  | { readonly type: "conflict"; readonly theirs: ProfileView }
  | { readonly type: "problem"; readonly explained: Explained };

/** The saved connection that a form was loaded from. */
export interface SavedAs {
  readonly id: string;
  readonly rev: number;
}
