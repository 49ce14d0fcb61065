import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { pageActor } from "#app/_server/guard.ts";
import { Badge } from "#components/ui/badge.tsx";
import { buttonClasses } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { examples } from "#lib/problems/examples.ts";
import { problem } from "#lib/problems/problem.ts";
import { providers } from "#lib/providers/list.ts";
import { findGuide } from "#lib/providers/provider-guides.ts";
import { SoftLink } from "../../soft-link.tsx";
import { HelpTabs } from "../help-tabs.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("help"))("providers.title") };
}

/** What most people meet first, in the order they meet it (C12). */
const troubles = ["auth-tls-required", "tls-self-signed", "tls-unknown-ca", "tls-hostname-mismatch"] as const;

/** Every provider in short, each with the way to its guide. The anchor of an entry is the provider's id. */
export default async function ProvidersPage() {
  await pageActor("connections:read");
  const t = await getTranslations("help.providers");
  const words = await getTranslations("guides");
  const form = await getTranslations("form");
  const explained = await Promise.all(troubles.map((code) => explain(problem(code))));
  return (
    <>
      <HelpTabs current="providers" />
      <h1 className="text-2xl font-semibold tracking-tight">{t("title")}</h1>
      <p className="mt-1 max-w-3xl text-muted">{t("intro")}</p>
      <p className="mt-2 mb-6 max-w-3xl text-muted">{words("say.start-require")}</p>
      <div className="grid gap-5 lg:grid-cols-2">
        {providers.map((provider) => {
          const guide = findGuide(provider.id);
          const mode = guide?.settings.find(({ field }) => field === "mode")?.value;
          return (
            <div key={provider.id} id={provider.id} className="scroll-mt-16">
              <Card
                title={provider.name}
                lead={provider.tlsRequired ? t("tlsRequired") : undefined}
                className="h-full target:border-accent"
                aside={
                  mode === undefined ? undefined : (
                    <Badge tone="accent">{form(`modes.${mode}.title` as "modes.verify-full.title")}</Badge>
                  )
                }
              >
                {guide === undefined ? null : (
                  <>
                    <p>{words(`say.${guide.lead.id}` as "say.rds-lead")}</p>
                    <p className="mt-auto">
                      <SoftLink
                        href={`/help/providers/${provider.id}`}
                        aria-label={words("page.openFor", { provider: provider.name })}
                        className={buttonClasses({ size: "sm" })}
                      >
                        {words("page.open")}
                      </SoftLink>
                    </p>
                  </>
                )}
              </Card>
            </div>
          );
        })}
      </div>
      <section aria-labelledby="troubles" className="mt-8">
        <h2 id="troubles" className="text-lg font-semibold">
          {words("page.trouble")}
        </h2>
        <p className="mb-3 max-w-3xl text-muted">{words("page.troubleLead")}</p>
        <ul className="flex max-w-3xl flex-col gap-3">
          {troubles.map((code, index) => (
            <li key={code}>
              <SoftLink
                href={`/help/problems#${code}`}
                className="rounded-sm font-medium text-accent underline-offset-2 hover:underline"
              >
                {explained[index]?.title}
              </SoftLink>
              <p>
                <samp className="text-muted text-xs [overflow-wrap:anywhere]">{examples[code]}</samp>
              </p>
              <p>{explained[index]?.fix}</p>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
