/**
 * Takes `#token=…` out of the address, now and whenever such a link is opened in this tab while the page is already
 * there (that loads nothing anew): neither the address bar nor the history keeps it.
 * @param use what to do with the token
 * @returns stops listening
 */
export function onFragmentToken(use: (token: string) => void): () => void {
  const take = () => {
    const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
    if (token === null) return;
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
    use(token.trim());
  };
  take();
  window.addEventListener("hashchange", take);
  return () => window.removeEventListener("hashchange", take);
}
