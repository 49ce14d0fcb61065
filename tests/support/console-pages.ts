/**
 * A path of every page of the console that needs no connection, in the order of the header: what walks the whole console
 * walks these. `tests/unit/house/console-pages.test.ts` holds it to the pages that there are.
 */
export const consolePages = [
  "/connections",
  "/connections/new",
  "/settings",
  "/settings/access",
  "/settings/preferences",
  "/settings/security",
  "/settings/trust",
  "/settings/team",
  "/settings/audit",
  "/settings/about",
  "/help",
  "/help/problems",
  "/help/problems/tls-unknown-ca",
  "/help/providers",
  "/help/providers/aurora-dsql",
  "/help/tls-modes",
  "/help/pinning",
  "/help/keys",
  "/help/storage",
  "/nowhere",
] as const;
