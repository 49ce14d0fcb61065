import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { PreferencesSection } from "../../preferences-section.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";
import { SettingsWords } from "../../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("preferences") };
}

/** Language, theme, time zone and page size of the one who looks. */
export default async function PreferencesPage() {
  const actor = await pageActor("own:settings");
  return (
    <SettingsWords of="preferences">
      <SettingsTrail here="preferences" />
      <PreferencesSection actor={actor} />
    </SettingsWords>
  );
}
