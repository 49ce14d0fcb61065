import { useEffect, useEffectEvent, useRef, useState } from "react";
import { classes } from "#components/ui/classes.ts";
import type { ShownToast, Toast, ToastLabels, ToastsGiven } from "./toast.ts";
import { ToastCard } from "./toast-card.tsx";

/** More than these nobody reads. */
const most = 3;

interface Props {
  readonly labels: ToastLabels;
  readonly given: ToastsGiven;
}

/**
 * The place of the toasts: they outlive the page that gave them. F6 leads there and back, Escape takes the one with
 * focus away.
 */
export function ToastPlace({ labels, given }: Props) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  /** Counts how often somebody has let go of them: their time begins anew. */
  const [released, setReleased] = useState(0);
  const region = useRef<HTMLDivElement>(null);
  const nextId = useRef(0);
  const cameFrom = useRef<Element>(null);

  useEffect(() => {
    const show = (toast: Toast) => {
      const id = nextId.current++;
      // Said once more, it is one word still.
      setToasts((shown) => withRoom([...shown.filter(({ text }) => text !== toast.text), { ...toast, id }]));
      return () => setToasts((shown) => shown.filter((one) => one.id !== id));
    };
    for (const waiting of given.waiting.splice(0)) {
      if (!waiting.takenAway) waiting.takeAway = show(waiting.toast);
    }
    given.show = show;
    return () => {
      given.show = undefined;
    };
  }, [given]);

  function goBack(): void {
    const back = cameFrom.current;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
    else document.getElementById("content")?.focus();
  }

  function takeAway(id: number): void {
    if (region.current?.contains(document.activeElement)) goBack();
    setToasts((shown) => shown.filter((toast) => toast.id !== id));
  }

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== "F6" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (region.current?.contains(document.activeElement)) goBack();
    else [...(region.current?.querySelectorAll<HTMLElement>("[data-toast]") ?? [])].at(-1)?.focus();
  });
  const some = toasts.length > 0;
  useEffect(() => {
    if (!some) return;
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [some]);

  const cards = (wanted: boolean) =>
    toasts
      .filter(({ tone }) => (tone === "danger") === wanted)
      .map((toast) => (
        <ToastCard
          key={toast.id}
          toast={toast}
          released={released}
          dismissLabel={labels.dismiss}
          onGone={() => takeAway(toast.id)}
        />
      ));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes that a hand or the focus has left
    <div
      ref={region}
      {...(some && { role: "region", "aria-label": labels.region })}
      onPointerLeave={() => setReleased((count) => count + 1)}
      onFocus={({ relatedTarget }) => {
        if (relatedTarget instanceof Element && !region.current?.contains(relatedTarget)) {
          cameFrom.current = relatedTarget;
        }
      }}
      onBlur={() => setReleased((count) => count + 1)}
      className={classes(
        "fixed inset-x-3 top-14 z-40 sm:inset-x-auto sm:top-auto sm:right-4 sm:bottom-4 sm:w-96",
        // A phone's thumb, and every page with a bar at its foot, keep that foot free.
        "sm:group-has-data-foot-bar/console:bottom-20",
      )}
    >
      {/* There before the first word: what comes with its words is not announced everywhere. */}
      <div aria-live="polite">{cards(false)}</div>
      <div aria-live="assertive">{cards(true)}</div>
    </div>
  );
}

/** Where there are too many, the oldest goes that offers nothing; an Undo goes last. */
function withRoom(toasts: readonly ShownToast[]): readonly ShownToast[] {
  if (toasts.length <= most) return toasts;
  const least = toasts.slice(0, -1).find(({ action }) => action === undefined) ?? toasts[0];
  return toasts.filter((toast) => toast !== least);
}
