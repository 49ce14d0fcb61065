import "server-only";
import type { Theme } from "#lib/team/preferences.ts";
import { ownPreferences } from "./own-preferences.ts";

/** The theme for `<html data-theme>`: set by the server, so that no page flashes in the wrong one. */
export async function currentTheme(): Promise<Theme> {
  return (await ownPreferences()).theme;
}
