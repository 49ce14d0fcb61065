import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { SecuritySection } from "../../security-section.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";
import { SettingsWords } from "../../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("security") };
}

/** The key and the store, one's own sessions and password. */
export default async function SecurityPage() {
  const actor = await pageActor("own:settings");
  return (
    <SettingsWords of="security">
      <SettingsTrail here="security" />
      <SecuritySection actor={actor} />
    </SettingsWords>
  );
}
