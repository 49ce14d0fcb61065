import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Suspense } from "react";
import { pageActor } from "#app/_server/guard.ts";
import { can } from "#lib/team/access.ts";
import { AboutSection } from "./about-section.tsx";
import { AuditSection } from "./audit-section.tsx";
import { ConnectionsSection } from "./connections-section.tsx";
import { PreferencesSection } from "./preferences-section.tsx";
import { SecuritySection } from "./security-section.tsx";
import { SettingsWords } from "./settings-words.tsx";
import { TeamSection } from "./team-section.tsx";
import { TrustSection } from "./trust-section.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings"))("title") };
}

interface Props {
  readonly searchParams: Promise<{ readonly audit?: string | string[] }>;
}

/** Everything that can be set, a section a matter. */
export default async function SettingsPage({ searchParams }: Props) {
  const actor = await pageActor("own:settings");
  const { audit } = await searchParams;
  const t = await getTranslations("settings");
  const sections = [
    { id: "connections", part: <ConnectionsSection /> },
    { id: "preferences", part: <PreferencesSection actor={actor} /> },
    { id: "security", part: <SecuritySection actor={actor} /> },
    { id: "trust", part: <TrustSection actor={actor} /> },
    ...(can(actor, "team:manage") ? [{ id: "team", part: <TeamSection actor={actor} /> } as const] : []),
    ...(can(actor, "audit:read")
      ? [{ id: "audit", part: <AuditSection before={place(audit)} /> } as const]
      : []),
    { id: "about", part: <AboutSection /> },
  ] as const;
  return (
    <div className="lg:grid lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-10">
      <div className="lg:sticky lg:top-20 lg:self-start">
        <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
        <nav aria-label={t("title")} className="mt-3 mb-6 flex gap-1 overflow-x-auto lg:flex-col">
          {sections.map(({ id }) => (
            <a
              key={id}
              href={`#${id}`}
              className="shrink-0 rounded-md px-2.5 py-1.5 text-sm text-muted hover:bg-sunken hover:text-ink"
            >
              {t(`sections.${id}`)}
            </a>
          ))}
        </nav>
      </div>
      <div className="flex flex-col gap-8">
        <SettingsWords>
          {sections.map(({ id, part }) => (
            <div key={id} id={id} className="scroll-mt-16">
              <Suspense
                fallback={<div className="h-40 animate-pulse rounded-lg border border-line bg-surface" />}
              >
                {part}
              </Suspense>
            </div>
          ))}
        </SettingsWords>
      </div>
    </div>
  );
}

/** Where an older page of the audit log ends; nothing else is believed of an address. */
function place(text: string | string[] | undefined): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
