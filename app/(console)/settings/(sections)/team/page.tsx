import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { SettingsTrail } from "../../settings-trail.tsx";
import { SettingsWords } from "../../settings-words.tsx";
import { TeamSection } from "../../team-section.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("team") };
}

/** Who may sign in. */
export default async function TeamPage() {
  const actor = await pageActor("team:manage");
  return (
    <SettingsWords of="team">
      <SettingsTrail here="team" />
      <TeamSection actor={actor} />
    </SettingsWords>
  );
}
