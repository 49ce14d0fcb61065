const name = "cloak-db:transfer";

/** Tells the panel of transfers that there is one more. */
export function transferBegun(): void {
  window.dispatchEvent(new Event(name));
}

/** @returns stops it */
export function onTransfer(listener: () => void): () => void {
  window.addEventListener(name, listener);
  return () => window.removeEventListener(name, listener);
}
