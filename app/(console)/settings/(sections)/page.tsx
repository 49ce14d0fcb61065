import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { listQuery } from "../../connections/list/list-query.ts";
import { ConnectionsSection } from "../connections-section.tsx";
import { SectionSkeleton } from "../section-skeleton.tsx";
import { SettingsTrail } from "../settings-trail.tsx";
import { SettingsWords } from "../settings-words.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The way to each connection's settings, and what was deleted lately; `?search=` narrows it, `?page=` leads on. */
export default async function ConnectionsPage({ searchParams }: Props) {
  const actor = await pageActor("own:settings");
  const t = await getTranslations("settings.sections");
  return (
    <SettingsWords of="connections">
      <SettingsTrail here="connections" />
      <Suspense fallback={<SectionSkeleton title={t("connections")} rows={8} />}>
        <ConnectionsSection actor={actor} {...listQuery(await searchParams)} />
      </Suspense>
    </SettingsWords>
  );
}
