import type { Explained } from "#app/_server/answer.ts";
import type { FieldProblems } from "#lib/problems/field-messages.ts";
import type { AttemptEvent, AttemptReport } from "#lib/wire/report.ts";

/** What a running test sends as it happens; the end carries its words in the reader's language. */
export type AttemptMessage =
  | Exclude<AttemptEvent, { readonly type: "done" }>
  | {
      readonly type: "done";
      readonly report: AttemptReport;
      readonly explained: Explained | null;
      /** The other problems that were found, each with its title. */
      readonly also: readonly { readonly code: string; readonly title: string }[];
      /** The id of the connection that stands open now, where it was tried in order to be used. */
      readonly opened?: string;
    }
  /** It could not be carried out at all. */
  | { readonly type: "problem"; readonly explained: Explained };

/** What `testConnection` answers. */
export type TestAnswer =
  | { readonly type: "stream"; readonly messages: ReadableStream<AttemptMessage> }
  | { readonly type: "fields"; readonly problems: FieldProblems }
  | { readonly type: "problem"; readonly explained: Explained };
