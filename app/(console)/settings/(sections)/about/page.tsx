import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { AboutSection } from "../../about-section.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("about") };
}

/** What runs here. */
export default async function AboutPage() {
  await pageActor("own:settings");
  return (
    <>
      <SettingsTrail here="about" />
      <AboutSection />
    </>
  );
}
