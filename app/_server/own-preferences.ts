import "server-only";
import { cache } from "react";
import { defaultPreferences, type Preferences } from "#lib/team/preferences.ts";
import { currentCaller } from "./current-user.ts";
import { workspace } from "./workspace.ts";

/** The caller's preferences; what holds by default before the login or while they cannot be read. */
export const ownPreferences = cache(async (): Promise<Preferences> => {
  const caller = await currentCaller();
  if (!caller.ok || caller.value.actor === undefined) return defaultPreferences;
  const opened = await workspace();
  if (!opened.ok) return defaultPreferences;
  const chosen = await opened.value.preferences.of(caller.value.actor.id);
  return chosen.ok ? chosen.value : defaultPreferences;
});
