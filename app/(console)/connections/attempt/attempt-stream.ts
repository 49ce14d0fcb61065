import "server-only";
import { type Explained, laterExplainer } from "#app/_server/answer.ts";
import { noteSurprise } from "#app/_server/note-surprise.ts";
import { sentHeaders } from "#app/_server/sent-headers.ts";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { Actor } from "#lib/team/access.ts";
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
export async function attemptStream(
  actor: Actor,
  { run, stop, ended }: Parts,
): Promise<ReadableStream<AttemptMessage>> {
  const explain = laterExplainer(actor, await sentHeaders());
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
        if ("problem" in end) send({ type: "problem", explained: await explain(end.problem) });
        else {
          report = end.report;
          send({
            ...(await doneMessage(report, explain)),
            ...(end.opened !== undefined && { opened: end.opened }),
          });
        }
      } catch (error) {
        const reference = noteSurprise(error, "a connection test failed unexpectedly");
        send({ type: "problem", explained: await explain(problem("unexpected", { reference })) });
      } finally {
        ended(report);
      }
      if (!gone) stream.close();
    },
    cancel: stop,
  });
}

async function doneMessage(
  report: AttemptReport,
  explain: Explain,
): Promise<Extract<AttemptMessage, { readonly type: "done" }>> {
  const { problem: found } = report;
  if (found === null) return { type: "done", report, explained: null, also: [] };
  const also = found.also.map(async (code) => {
    const { title } = await explain(problem(code, found.facts));
    return { code, title };
  });
  return { type: "done", report, explained: await explain(found), also: await Promise.all(also) };
}

type Explain = (problem: Problem) => Promise<Explained>;
