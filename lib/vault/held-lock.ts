import "server-only";

/** One process alone may write. */
export interface Lock {
  readonly means: "flock" | "lock-file";
  /** Whether it is still ours. Asked once more right before what cannot be undone. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}
