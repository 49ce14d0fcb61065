import "server-only";

export interface DemoOptions {
  readonly host: string;
  /** Undefined: 3000, or the next free one. */
  readonly port: number | undefined;
}
