import "server-only";
import { getTranslations } from "next-intl/server";
import type { Explained } from "#app/_server/answer.ts";
import { noteSurprise } from "#app/_server/note-surprise.ts";
import { withoutPlaces } from "#app/_server/without-places.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import { problemWords, type Translate } from "#lib/problems/words.ts";
import type { AttemptEvent, AttemptReport } from "#lib/wire/report.ts";
import type { AttemptMessage } from "./attempt-message.ts";

/** How an attempt ended: as its report says, or with a problem that kept it from beginning. */
type Ended =
  | {
      readonly report: AttemptReport;
      /** The id of the connection that stands open now. */
      readonly opened?: string;
    }
  | { readonly problem: Problem };

interface Parts {
  /** Does the test, tells each step, and gives the whole. */
  readonly run: (onEvent: (event: AttemptEvent) => void) => Promise<Ended>;
  /** Called when nobody listens any more. */
  readonly stop: () => void;
  /** Called once, however it ends. */
  readonly ended: (report: AttemptReport | undefined) => void;
}

/**
 * A test as a stream: its steps as they happen, then its report with the words in the reader's language. It never
 * errors: a surprise is logged with a reference and ends as the problem `unexpected`.
 */
export async function attemptStream({ run, stop, ended }: Parts): Promise<ReadableStream<AttemptMessage>> {
  // Asked for now: once the action has answered, the request is no longer there to ask.
  const translate = (await getTranslations()) as unknown as Translate;
  return new ReadableStream<AttemptMessage>({
    async start(stream) {
      let gone = false;
      const send = (message: AttemptMessage) => {
        if (gone) return;
        try {
          stream.enqueue(message);
        } catch {
          // The reader went away between two steps.
          gone = true;
        }
      };
      let report: AttemptReport | undefined;
      try {
        const end = await run((event) => {
          if (event.type !== "done") send(event);
        });
        if ("problem" in end) send({ type: "problem", explained: explained(end.problem, translate) });
        else {
          report = end.report;
          send({
            ...doneMessage(report, translate),
            ...(end.opened !== undefined && { opened: end.opened }),
          });
        }
      } catch (error) {
        const reference = noteSurprise(error, "a connection test failed unexpectedly");
        send({ type: "problem", explained: explained(problem("unexpected", { reference }), translate) });
      } finally {
        ended(report);
      }
      if (!gone) stream.close();
    },
    cancel: stop,
  });
}

function doneMessage(
  report: AttemptReport,
  translate: Translate,
): Extract<AttemptMessage, { readonly type: "done" }> {
  const found = report.problem;
  return {
    type: "done",
    report,
    explained: found === null ? null : explained(found, translate),
    also: (found?.also ?? []).map((code) => ({
      code,
      title: problemWords(problem(code, found?.facts ?? {}), translate).title,
    })),
  };
}

function explained(found: Problem, translate: Translate): Explained {
  return { problem: withoutPlaces(found), ...problemWords(found, translate) };
}
