import { usePathname } from "next/navigation";
import { lazy, Suspense, useEffect, useEffectEvent } from "react";
import { noteRecent } from "./recent-entries.ts";
import { searchBox } from "./search-box-here.ts";
import { areSingleKeysOn } from "./single-keys.ts";

/** Both loaded when they are first asked for. */
const Palette = lazy(async () => ({ default: (await import("./palette.tsx")).Palette }));
const PageKeys = lazy(async () => ({ default: (await import("./page-keys.tsx")).PageKeys }));

export interface PaletteWords {
  readonly label: string;
  readonly loading: string;
  readonly keys: string;
}

export type Opened = "palette" | "keys" | undefined;

interface Props {
  readonly words: PaletteWords;
  readonly open: Opened;
  readonly setOpen: (next: Opened | ((now: Opened) => Opened)) => void;
}

/** What the palette's button leads to, and the keys that lead there: Ctrl+K, `?` for the keys of the page, `/` to its search. */
export function PaletteDoor({ words: { label, loading, keys }, open, setOpen }: Props) {
  const path = usePathname();

  useEffect(() => {
    const [, id] = /^\/connections\/([^/]+)/.exec(path) ?? [];
    if (id !== undefined && id !== "new") noteRecent(decodeURIComponent(id));
  }, [path]);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const act = actOf(event);
    if (act === undefined || document.querySelector(":modal") !== null) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  useEffect(() => {
    // Before the page's own keys: the palette comes where those have led already.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);

  function actOf({
    key,
    ctrlKey,
    metaKey,
    altKey,
    shiftKey,
    target,
  }: KeyboardEvent): (() => void) | undefined {
    const far = ctrlKey || metaKey;
    if (far && !altKey && !shiftKey && key.toLowerCase() === "k") {
      return isForWorkbench(target) ? undefined : () => setOpen("palette");
    }
    if (far || altKey || isWorkbench() || isField(target) || !areSingleKeysOn()) return undefined;
    if (key === "?") return showKeys;
    const box = key === "/" ? searchBox() : undefined;
    return box && (() => box.focus());
  }

  /** The connected view has a list of its own, and opens it by the same key. */
  function showKeys(): void {
    if (isWorkbench()) window.dispatchEvent(new KeyboardEvent("keydown", { key: "?" }));
    else setOpen("keys");
  }

  const close = () => setOpen(undefined);
  return (
    <Suspense fallback={null}>
      {open === "palette" && (
        <Palette
          label={label}
          loading={loading}
          onClose={() => setOpen((now) => (now === "palette" ? undefined : now))}
          onKeys={showKeys}
        />
      )}
      {open === "keys" && <PageKeys label={keys} loading={loading} onClose={close} />}
    </Suspense>
  );
}

function isWorkbench(): boolean {
  return document.querySelector("[data-workbench]") !== null;
}

/** There the first Ctrl+K leads to the search of its tree; the second one, from there, is the palette's. */
function isForWorkbench(target: EventTarget | null): boolean {
  const tree = document.querySelector('[data-workbench] input[aria-keyshortcuts="Control+K"]');
  return tree !== null && tree !== target;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable=''], [contenteditable=true]") !== null
  );
}
