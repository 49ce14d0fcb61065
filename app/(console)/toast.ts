/** A short word on what was just done, with at most one thing that can still be done about it. */
export interface Toast {
  readonly text: string;
  /** `danger` interrupts a screen reader, and stays until somebody takes it away. */
  readonly tone?: "success" | "danger" | "info";
  readonly action?: {
    readonly label: string;
    /** The toast is gone before it runs. */
    readonly run: () => void;
  };
}

export interface ShownToast extends Toast {
  readonly id: number;
}
