/**
 * The lowest version of a package without a known advisory, and why. Reviewed at each release; SECURITY.md lists them.
 */
export const floors: Readonly<Record<string, { readonly version: string; readonly why: string }>> = {
  next: { version: "16.4.6", why: "GHSA-673q-mjm6-r5xr and the November 2026 release" },
  react: { version: "19.3.1", why: "CVE-2025-55182 and the Flight decoder fixes after it" },
  "react-dom": { version: "19.3.1", why: "goes with react" },
  pg: { version: "8.23.1", why: "IP hosts were verified against the name localhost before" },
  zod: { version: "4.6.7", why: "GHSA-mrhx-c7xc-m3w5" },
};
