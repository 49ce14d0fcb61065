/**
 * The nonce of the page's policy, as it was when the document was loaded: without it the browser refuses styles that a
 * script adds. Going to another page of the console brings nonces of other answers into the document, and those do not
 * count. Undefined on the server.
 */
export const pageNonce: string | undefined =
  typeof document === "undefined"
    ? undefined
    : document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce || undefined;
