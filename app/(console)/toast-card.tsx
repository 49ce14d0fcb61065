import { CircleCheck, CircleX, Info, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef } from "react";
import { Button } from "#components/ui/button.tsx";
import type { ShownToast } from "./toast.ts";

interface Props {
  readonly toast: ShownToast;
  /** Another number: its time begins anew. */
  readonly released: number;
  readonly dismissLabel: string;
  readonly onGone: () => void;
}

const tones = {
  success: { mark: "text-success", Icon: CircleCheck },
  danger: { mark: "text-danger", Icon: CircleX },
  info: { mark: "text-accent", Icon: Info },
} as const;

/** Long enough to read two sentences; and to read them, think, and reach the button (WCAG 2.2, 2.2.1). */
const readMs = 7_000;
const decideMs = 12_000;

/** One toast. It goes by itself, but never under a hand, with the focus in it, or while nobody can see it. */
export function ToastCard({ toast, released, dismissLabel, onGone }: Props) {
  const { text, tone = "success", action } = toast;
  const card = useRef<HTMLDivElement>(null);
  const lasts = tone === "danger" ? undefined : action === undefined ? readMs : decideMs;
  const onTime = useEffectEvent(() => {
    if (isHeld(card.current)) return false;
    onGone();
    return true;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `released` is what begins its time anew
  useEffect(() => {
    if (lasts === undefined) return;
    const timer = setInterval(() => onTime() && clearInterval(timer), lasts);
    return () => clearInterval(timer);
  }, [lasts, released]);

  const { mark, Icon } = tones[tone];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is an extra; the button does the same
    <div
      ref={card}
      data-toast={tone}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") onGone();
      }}
      className="mt-2 flex animate-appear items-center gap-2.5 rounded-lg border border-line bg-raised py-2 pr-2 pl-3 shadow-float"
    >
      <Icon aria-hidden className={`size-4 shrink-0 ${mark}`} />
      <p className="min-w-0 flex-1 break-words py-1 text-[0.8125rem]">{text}</p>
      {action !== undefined && (
        <Button
          size="sm"
          className="shrink-0 font-medium pointer-coarse:min-h-11"
          onClick={() => {
            onGone();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <button
        type="button"
        aria-label={dismissLabel}
        onClick={onGone}
        className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink pointer-coarse:size-11"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}

function isHeld(card: HTMLElement | null): boolean {
  if (document.hidden || document.querySelector(":modal") !== null) return true;
  return card?.closest("[role=region]")?.matches(":hover, :focus-within") ?? false;
}
