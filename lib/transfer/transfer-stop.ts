import "server-only";
import type { TransferTrouble } from "./shapes.ts";

/** Why a transfer ends before its end, where neither the server nor the network said so. */
export class TransferStop extends Error {
  readonly why: TransferTrouble["why"] | "cancelled";

  constructor(why: TransferTrouble["why"] | "cancelled") {
    super(`a transfer was stopped: ${why}`);
    this.name = "TransferStop";
    this.why = why;
  }
}
