import "server-only";

export interface DemoOptions {
  readonly host: string;
  /** Undefined: 3000, or the next free one. */
  readonly port: number | undefined;
  /** With tens of thousands of tables and a million rows, filled in while the demo already runs. */
  readonly large: boolean;
}
