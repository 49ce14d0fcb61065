import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { pageActor } from "#app/_server/guard.ts";
import { Card } from "#components/ui/card.tsx";
import { Facts } from "#components/ui/facts.tsx";
import { providers } from "#lib/providers/recognise-provider.ts";
import { HelpTabs } from "../help-tabs.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("providers.title") };
}

/** What is known of each provider. The anchor of each entry is its id. */
export default async function ProvidersPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.providers");
  const notes = await getTranslations("providers");
  return (
    <>
      <HelpTabs current="providers" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 mb-6 max-w-2xl text-muted">{t("intro")}</p>
      <div className="flex flex-col gap-5">
        {providers.map((provider) => (
          <div key={provider.id} id={provider.id} className="scroll-mt-16">
            <Card title={provider.name} lead={provider.tlsRequired ? t("tlsRequired") : undefined}>
              <ul className="flex list-disc flex-col gap-1.5 pl-4 marker:text-muted">
                {provider.noteIds.map((id) => (
                  <li key={id}>{notes(id)}</li>
                ))}
              </ul>
              <div>
                <h3 className="mb-1.5 font-medium text-xs uppercase tracking-wide text-muted">
                  {t("recommended")}
                </h3>
                <Facts
                  rows={(["mode", "trust", "port", "database", "user"] as const).flatMap((name) => {
                    const value = provider.defaults[name];
                    return value === undefined ? [] : [[t(name), <code key={name}>{value}</code>] as const];
                  })}
                />
              </div>
            </Card>
          </div>
        ))}
      </div>
    </>
  );
}
