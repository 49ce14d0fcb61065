import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { AuditSection } from "../../audit-section.tsx";
import { SectionSkeleton } from "../../section-skeleton.tsx";
import { SettingsTrail } from "../../settings-trail.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.sections"))("audit") };
}

interface Props {
  readonly searchParams: Promise<{ readonly before?: string | string[] }>;
}

/** Who did what; `?before=` leads to older lines. */
export default async function AuditPage({ searchParams }: Props) {
  await pageActor("audit:read");
  const { before } = await searchParams;
  const t = await getTranslations("settings.sections");
  return (
    <>
      <SettingsTrail here="audit" />
      <Suspense fallback={<SectionSkeleton title={t("audit")} rows={12} />}>
        <AuditSection before={place(before)} />
      </Suspense>
    </>
  );
}

/** Where an older page of the audit log ends; nothing else is believed of an address. */
function place(text: string | string[] | undefined): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
