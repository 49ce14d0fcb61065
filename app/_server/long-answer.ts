import "server-only";
import { requestSource, type Site } from "./request-origin.ts";

/**
 * Headers of a stream of JSON lines that may be long. A browser that is not on this machine gets it compressed: rows
 * shrink to a tenth to a quarter, for some 12 ms of work a megabyte; on this machine bytes cost less than that.
 *
 * The framework compresses what calls itself text and may be transformed, and drops a `Content-Encoding` of our own. It
 * flushes after each piece, so that the first rows do not wait for more. Nobody else can choose what stands beside a
 * person's rows and watch its length (BREACH): who asks for rows posts JSON from the console's own origin.
 */
export function longAnswerHeaders(headers: Headers, site: Site): Readonly<Record<string, string>> {
  const source = requestSource(headers, site);
  const isNear = source === undefined || source === "::1" || source.startsWith("127.");
  return {
    "Content-Type": "text/x-ndjson; charset=utf-8",
    "Cache-Control": isNear ? "no-store, no-transform" : "no-store",
    "X-Content-Type-Options": "nosniff",
    // A proxy that gathers the answer would hold back the first rows (nginx: proxy_buffering).
    "X-Accel-Buffering": "no",
  };
}
