import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { SectionSkeleton } from "../../section-skeleton.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";
import { SettingsWords } from "../../settings-words.tsx";
import { TrustSection } from "../../trust-section.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("trust") };
}

/** Who may vouch for a server. */
export default async function TrustPage() {
  const actor = await pageActor("own:settings");
  const t = await getTranslations("settings.sections");
  return (
    <SettingsWords of="trust">
      <SettingsTrail here="trust" />
      <Suspense fallback={<SectionSkeleton title={t("trust")} rows={12} />}>
        <TrustSection actor={actor} />
      </Suspense>
    </SettingsWords>
  );
}
