import type { Instrumentation } from "next";

/** Runs once when the server starts, before it answers. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startConsole } = await import("#app/_server/start-console.ts");
  await startConsole();
  // Behind the first answers, which whoever started the console waits for.
  setTimeout(async () => {
    const { openFrontDoors } = await import("#app/api/front-doors.ts");
    openFrontDoors();
  }, 300).unref();
}

/** A surprise that reached the framework: logged with the reference that the page shows. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  if (isExpected(error)) return;
  const { log } = await import("#app/_server/log.ts");
  // Without the query: what somebody typed may stand there.
  const path = request.path.split("?")[0];
  log().error({ err: error, method: request.method, path, route: context.routePath }, "unexpected");
};

/**
 * A browser that went away in the middle of an answer, by Next's own name for it and Node's, or a file that was cut on
 * purpose (`lib/transfer/cut-file.ts`): neither is a mistake.
 */
function isExpected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    ["ResponseAborted", "AbortError", "CutFile"].includes(error.name) ||
    ["ECONNRESET", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED"].includes(code)
  );
}
