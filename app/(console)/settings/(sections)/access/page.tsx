import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { listQuery } from "../../../connections/list/list-query.ts";
import { AccessSection } from "../../access-section.tsx";
import { SectionSkeleton } from "../../section-skeleton.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";
import { SettingsWords } from "../../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("rights"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Who may do what with the connections that the caller manages; `?search=` narrows them, `?page=` leads on. */
export default async function AccessPage({ searchParams }: Props) {
  const actor = await pageActor("own:settings");
  const t = await getTranslations("settings.sections");
  return (
    <SettingsWords of="access">
      <SettingsTrail here="access" />
      <Suspense fallback={<SectionSkeleton title={t("access")} rows={8} />}>
        <AccessSection actor={actor} {...listQuery(await searchParams)} />
      </Suspense>
    </SettingsWords>
  );
}
