import "server-only";
import { setTimeout as pause, setImmediate } from "node:timers/promises";
import { type Problem, problem } from "#lib/problems/problem.ts";
import type { RunEvent } from "#lib/session/run-events.ts";
import type { RunningStatement } from "#lib/session/running-statements.ts";
import type { Explained } from "./answer.ts";
import { noteSurprise } from "./note-surprise.ts";

/**
 * What a run sends to the browser: its events, a problem with its words, rows with their number first. The page counts
 * them by the head of their line, written in just this order, and parses a line when its rows are looked at.
 */
export type RunMessage =
  | Exclude<RunEvent, { readonly type: "error" | "rows" }>
  | (Extract<RunEvent, { readonly type: "rows" }> & { readonly count: number })
  | (Extract<RunEvent, { readonly type: "error" }> & { readonly explained: Explained | null });

/** A browser that takes nothing for so long is gone, though its connection may still stand, ms. */
const stallMs = 60_000;

/** A piece that is so long goes at once, in characters. */
const pieceLength = 16 * 1024;
/** That a statement has begun is told alone only where its answer takes so long, ms: most go as one piece. */
const answerMs = 8;
const nothingYet = Symbol("nothing yet");

/**
 * Writes events as lines of JSON. The next event is asked for when the browser has taken the last: what it does not
 * read is not fetched from the server either.
 * @param explain gives the words, also outside of the request, where the stream is read
 */
export function runMessages(
  events: AsyncGenerator<RunEvent, void, void>,
  running: RunningStatement,
  explain: (problem: Problem) => Promise<Explained>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stall: NodeJS.Timeout | undefined;
  let isGone = false;
  let isFirst = true;
  /** Asked for and not there yet. */
  let coming: Promise<IteratorResult<RunEvent, void>> | undefined;

  function next(): Promise<IteratorResult<RunEvent, void>> {
    if (coming === undefined) {
      coming = events.next();
      // Where nobody takes it any more, what goes wrong is nobody's to know.
      coming.catch(() => undefined);
    }
    return coming;
  }

  async function end(): Promise<void> {
    clearTimeout(stall);
    try {
      await events.return();
    } finally {
      running.done();
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stall);
        // What is there already goes in one piece: each piece costs as much as a statement.
        let text = "";
        const answered = isFirst ? pause(answerMs, nothingYet, { ref: false }) : undefined;
        isFirst = false;
        try {
          while (text.length < pieceLength) {
            const found =
              text === "" ? await next() : await Promise.race([next(), answered ?? setImmediate(nothingYet)]);
            // A stream that is closed takes no more.
            if (isGone) return;
            if (found === nothingYet) break;
            coming = undefined;
            if (found.done) {
              running.done();
              if (text !== "") controller.enqueue(encoder.encode(text));
              controller.close();
              return;
            }
            text += `${JSON.stringify(await worded(found.value, explain))}\n`;
          }
          controller.enqueue(encoder.encode(text));
          // Thousands of rows are thousands of turns: others get theirs in between.
          if (text.length >= pieceLength) await setImmediate();
        } catch (error) {
          const reference = noteSurprise(error, "a run failed");
          if (isGone) return;
          const surprise = problem("unexpected", { reference });
          const message: RunMessage = {
            type: "error",
            problem: surprise,
            explained: await explain(surprise),
            error: null,
            stopped: null,
            rows: 0,
            ms: 0,
            transaction: "none",
          };
          controller.enqueue(encoder.encode(`${text}${JSON.stringify(message)}\n`));
          controller.close();
          await end();
          return;
        }
        stall = setTimeout(() => running.stop(), stallMs);
        stall.unref();
      },
      cancel: async () => {
        isGone = true;
        running.stop();
        await end();
      },
    },
    // One message is made ahead, no more.
    { highWaterMark: 1 },
  );
}

async function worded(
  event: RunEvent,
  explain: (problem: Problem) => Promise<Explained>,
): Promise<RunMessage> {
  if (event.type === "rows") {
    const { type, cut, rows } = event;
    return { type, count: rows.length, cut, rows };
  }
  if (event.type !== "error") return event;
  const explained = event.problem === null ? null : await explain(event.problem);
  return { ...event, problem: explained?.problem ?? null, explained };
}
