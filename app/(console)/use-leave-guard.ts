import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { guardLeaving } from "./leaving.ts";

export interface LeaveGuard {
  /** Whether somebody wants to go and is asked first. */
  readonly asking: boolean;
  readonly stay: () => void;
  readonly leave: () => void;
}

/**
 * Asks before entries that are not saved are left behind: by a link, by Back, by signing out in a dialog of ours, by
 * a reload in the browser's own.
 * @param within another search of the same path is no leave
 */
export function useLeaveGuard(unsaved: boolean, within = false): LeaveGuard {
  const router = useRouter();
  /** Where the person wanted to go. */
  const [goOn, setGoOn] = useState<() => void>();
  const leaving = useRef(false);
  const ask = useEffectEvent((go: () => void) => setGoOn(() => go));
  const follow = useEffectEvent((href: string) => router.push(href));

  useEffect(() => {
    if (!unsaved) return;
    leaving.current = false;
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!leaving.current) event.preventDefault();
    };
    const onClick = (event: MouseEvent) => {
      const href = wayOut(event, within);
      if (href === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      ask(() => follow(href));
    };
    const onBack = (event: NavigateEvent) => {
      if (leaving.current || event.navigationType !== "traverse" || !event.cancelable) return;
      if (samePage(event.destination.url, within)) return;
      event.preventDefault();
      const { key } = event.destination;
      ask(() => void window.navigation.traverseTo(key));
    };
    // Before Next's own listeners, which would have gone already.
    window.addEventListener("click", onClick, true);
    window.addEventListener("beforeunload", onUnload);
    // Where a browser cannot hold Back, the entries are kept all the same.
    const history = (window as { readonly navigation?: Navigation }).navigation;
    history?.addEventListener("navigate", onBack);
    const free = guardLeaving((go) => ask(go));
    return () => {
      window.removeEventListener("click", onClick, true);
      window.removeEventListener("beforeunload", onUnload);
      history?.removeEventListener("navigate", onBack);
      free();
    };
  }, [unsaved, within]);

  return {
    asking: goOn !== undefined,
    stay: () => setGoOn(undefined),
    leave: () => {
      leaving.current = true;
      setGoOn(undefined);
      goOn?.();
    },
  };
}

/** Where a press on a link leads, when it takes this tab to another page of the console. */
function wayOut(event: MouseEvent, within: boolean): string | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.href === "" || link.hasAttribute("download")) return undefined;
  if (link.target !== "" && link.target !== "_self") return undefined;
  const to = new URL(link.href);
  return to.origin === window.location.origin && !samePage(link.href, within)
    ? `${to.pathname}${to.search}${to.hash}`
    : undefined;
}

function samePage(url: string | null, within: boolean): boolean {
  if (url === null) return false;
  const { origin, pathname, search } = new URL(url);
  const here = window.location;
  return origin === here.origin && pathname === here.pathname && (within || search === here.search);
}
