"use client";

import { createContext, useCallback, useContext, useState } from "react";
import type { ShowToast, Toast, ToastLabels, ToastsGiven } from "./toast.ts";
import { useLate } from "./use-late.ts";

const ToastContext = createContext<ShowToast>(() => () => undefined);

/** @returns what shows a toast: the same function for as long as the page stands. Outside the console it shows nothing. */
export function useToast(): ShowToast {
  return useContext(ToastContext);
}

/** Lets everything inside give toasts. Their place is loaded when the page is usable: it stands before its first word. */
export function ToastProvider({
  labels,
  children,
}: {
  readonly labels: ToastLabels;
  readonly children: React.ReactNode;
}) {
  const Place = useLate(loadPlace);
  const [given] = useState<ToastsGiven>(() => ({ show: undefined, waiting: [] }));
  const show = useCallback(
    (toast: Toast) => {
      if (given.show !== undefined) return given.show(toast);
      const waiting: ToastsGiven["waiting"][number] = { toast, takenAway: false, takeAway: undefined };
      given.waiting.push(waiting);
      return () => {
        waiting.takenAway = true;
        waiting.takeAway?.();
      };
    },
    [given],
  );
  return (
    <ToastContext value={show}>
      {children}
      {Place && <Place labels={labels} given={given} />}
    </ToastContext>
  );
}

async function loadPlace() {
  return (await import("./toast-place.tsx")).ToastPlace;
}
