import { problemCodes } from "#lib/problems/catalogue.ts";
import { providers } from "#lib/providers/list.ts";
import { problemIndexPage, problemPage } from "./problem-pages.ts";
import { providerIndexPage } from "./provider-index-page.ts";
import { providerPage } from "./provider-page.ts";
import { tlsModesPage } from "./tls-modes-page.ts";

/** Folders that hold nothing else. */
export const ownFolders = ["docs/problems", "docs/providers"] as const;

/** The help pages as Markdown, a file each, from the repository's root. */
export function helpPages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/problems/README.md", problemIndexPage()],
    ...problemCodes.map((code) => [`docs/problems/${code}.md`, problemPage(code)] as const),
    ["docs/providers.md", providerIndexPage()],
    ...providers.map((provider) => [`docs/providers/${provider.id}.md`, providerPage(provider)] as const),
    ["docs/tls-modes.md", tlsModesPage()],
  ]);
}
