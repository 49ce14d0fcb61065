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

export interface ToastLabels {
  readonly region: string;
  readonly dismiss: string;
}

/** Shows a toast. @returns what takes it away again: its offer may end before its time does. */
export type ShowToast = (toast: Toast) => () => void;

/** A toast that was given before there was a place for it. */
interface WaitingToast {
  readonly toast: Toast;
  takenAway: boolean;
  takeAway: (() => void) | undefined;
}

/** Between who gives a toast and their place, which comes after the page. */
export interface ToastsGiven {
  show: ShowToast | undefined;
  readonly waiting: WaitingToast[];
}
