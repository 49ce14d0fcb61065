import { useEffect, useRef } from "react";

/** Does something as the form appears: once, also where React mounts everything twice. */
export function useOnce(act: (() => void) | undefined): void {
  const first = useRef(act);
  useEffect(() => {
    first.current?.();
    first.current = undefined;
  }, []);
}
