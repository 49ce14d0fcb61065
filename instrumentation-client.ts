/**
 * The default Trusted Types policy, set before anything else runs in the browser. The bundler's loader and React set
 * script addresses as plain text, without a policy of their own; this lets through exactly what they set: chunks of
 * this build, and the empty element that React clones. Everything else stays refused, HTML above all.
 */
const types = (globalThis as { trustedTypes?: { createPolicy(name: string, rules: object): unknown } })
  .trustedTypes;

types?.createPolicy("default", {
  createScriptURL: (url: string) =>
    new URL(url, location.origin).href.startsWith(`${location.origin}/_next/static/`) ? url : null,
  createHTML: (html: string) => (html === "<script></script>" ? html : null),
});

export {};
