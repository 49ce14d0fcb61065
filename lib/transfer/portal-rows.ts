import "server-only";
import type { FieldDef } from "pg";
import type { PooledSession } from "#lib/session/pooled-session.ts";
import { PortalQuery } from "#lib/session/portal-query.ts";
import type { Cell } from "#lib/session/run-events.ts";
import type { Statement } from "#lib/session/statement.ts";
import { type Step, StepQueue } from "#lib/session/step-queue.ts";
import type { RowSource } from "./row-source.ts";

/** The rows of a statement through a portal, for the forms of a file that COPY does not write. */
export interface PortalRows extends RowSource {
  /** Ends it: what was not taken is dropped. @returns whether the session goes on */
  end(): Promise<boolean>;
}

/** Bytes of a batch: one after another is asked for, so they are neither to be many nor to fill the memory. */
const batchBytes = 128 * 1024;
const greatestBatch = 500;
/** One value is a gigabyte at most, and one message 16 MiB. */
const noCap = Number.POSITIVE_INFINITY;

/**
 * Begins a statement and waits for what it is.
 * @throws what the server or the driver says
 */
export async function portalRows(session: PooledSession, statement: Statement): Promise<PortalRows> {
  const { client, inbound } = session.connection;
  const steps = new StepQueue();
  const limits = {
    firstBatch: 64,
    byteCap: noCap,
    cellCap: noCap,
    onBreach: () => inbound.stop("rows"),
  };
  const portal = new PortalQuery(statement, limits, (step) => {
    if (step.type !== "overflow" && step.type !== "copy-out") steps.push(step);
  });
  inbound.startResult(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  client.query(portal);
  let over: Extract<Step, { type: "end" | "error" }> | undefined;

  async function next(): Promise<Step> {
    const step = await steps.next();
    if (step.type === "end" || step.type === "error") over = step;
    return step;
  }

  let fields: readonly FieldDef[] = [];
  const first = await next();
  if (first.type === "columns") fields = first.fields;
  else if (first.type === "error") throw first.error;

  async function* batches(): AsyncGenerator<Cell[][], void, void> {
    while (over === undefined) {
      const step = await next();
      if (step.type === "batch") yield step.rows as Cell[][];
      else if (step.type === "suspended") {
        const mean = Math.max(1, portal.bytes / Math.max(1, portal.rowsReceived));
        portal.more(Math.min(greatestBatch, Math.max(1, Math.floor(batchBytes / mean))));
      } else if (step.type === "error") throw step.error;
    }
  }

  return {
    fields,
    batches: batches(),
    async end() {
      if (portal.suspended) portal.abandon();
      while (over === undefined) {
        const step = await next();
        if (step.type === "suspended") portal.abandon();
      }
      return over.type === "end" || over.alive;
    },
  };
}
