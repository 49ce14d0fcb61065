import "server-only";
import type { Client, Submittable, TransactionStatus } from "pg";

/**
 * In what state the session's transaction is, after all that was sent has been answered to its end.
 *
 * The driver gives a refusal on as soon as its ErrorResponse is there. The state comes with the ReadyForQuery behind it
 * (protocol 53.2.2), which PostgreSQL sends on its own: who asks in between, as after any `catch`, is told the state of
 * before. Nothing is sent for this. Never rejects; where the connection is gone it is what was last known.
 */
export function settledStatus(client: Client): Promise<TransactionStatus> {
  return new Promise((resolve) => {
    client.query(new Turn(() => resolve(client.getTransactionStatus())));
  });
}

/** Rolls back what is open, after a refusal. Throws when the connection is gone. */
export async function rollBackOpen(client: Client): Promise<void> {
  if ((await settledStatus(client)) !== "I") await client.query("rollback");
}

/** Stands in the driver's queue, and has nothing to send when it is its turn: the driver ends what cannot be sent. */
class Turn implements Submittable {
  readonly handleError: () => void;

  constructor(onTurn: () => void) {
    this.handleError = onTurn;
  }

  submit(): Error {
    return new Error("nothing to send");
  }
}
