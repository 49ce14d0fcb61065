import "server-only";

/**
 * Cuts an answer that cannot be made whole, so that no browser takes it for a whole file. Why is told elsewhere, on the
 * transfer's line and in the audit log: to the console it is no surprise (`instrumentation.ts`, which knows it by its name).
 */
export class CutFile extends Error {
  override readonly name = "CutFile";
}
