import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { SettingsWords } from "../../settings-words.tsx";
import { TrustSection } from "../../trust-section.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("trust") };
}

/** Who may vouch for a server. */
export default async function TrustPage() {
  const actor = await pageActor("own:settings");
  return (
    <SettingsWords of="trust">
      <TrustSection actor={actor} />
    </SettingsWords>
  );
}
