import "server-only";
import pino, { type Logger } from "pino";
import { readEnvironment } from "#lib/env.ts";
import { processWide } from "#lib/process-wide.ts";
import { redacted } from "./redaction.ts";

/** The server's log: one JSON object a line on standard output, with everything in it redacted. */
export function log(): Logger {
  return processWide("log", () => {
    const env = readEnvironment();
    return pino({
      level: env.ok ? env.value.logLevel : "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (entry) => redacted(entry) as Record<string, unknown>,
      },
      // `formatters.log` has made the error plain already.
      serializers: { err: (error: unknown) => error },
    });
  });
}
