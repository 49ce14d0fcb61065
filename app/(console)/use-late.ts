import { useEffect, useState } from "react";

/**
 * What a page does not need to be usable, loaded once it is.
 * @param load the same function at each call
 * @returns `undefined` until it is there
 */
export function useLate<Part>(load: () => Promise<Part>): Part | undefined {
  const [part, setPart] = useState<Part>();
  useEffect(() => {
    // Without it the page works on; the next full load asks again.
    load().then(
      (loaded) => setPart(() => loaded),
      () => undefined,
    );
  }, [load]);
  return part;
}
