import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { explain } from "#app/_server/answer.ts";
import { pageActor } from "#app/_server/guard.ts";
import { Badge } from "#components/ui/badge.tsx";
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

/** The list itself is in the order in which a host is matched. */
const byName = [...providers].sort((a, b) => a.name.localeCompare(b.name, "en"));

/** Every provider as a tile that leads to its guide. The anchor of a tile is the provider's id. */
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
      <p className="mt-1 max-w-[70ch] text-muted">{t("intro")}</p>
      <p className="mt-2 mb-6 max-w-[70ch] text-muted">{words("say.start-require")}</p>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {byName.map((provider) => {
          const guide = findGuide(provider.id);
          const mode = guide?.settings.find(({ field }) => field === "mode")?.value;
          return (
            <li
              key={provider.id}
              id={provider.id}
              className="relative flex scroll-mt-16 flex-col gap-1.5 rounded-lg border border-line bg-surface px-4 py-3.5 shadow-card target:border-accent hover:border-accent"
            >
              <h2 className="font-semibold">
                <SoftLink
                  href={`/help/providers/${provider.id}`}
                  className="rounded-sm after:absolute after:inset-0"
                >
                  {provider.name}
                </SoftLink>
              </h2>
              {guide === undefined ? null : (
                <p className="text-[0.8125rem] text-muted">
                  {words(`say.${guide.lead.id}` as "say.rds-lead")}
                </p>
              )}
              <p className="mt-auto flex flex-wrap gap-1.5 pt-1">
                {mode === undefined ? null : (
                  <Badge tone="accent">{form(`modes.${mode}.title` as "modes.verify-full.title")}</Badge>
                )}
                {provider.tlsRequired ? <Badge wraps>{t("tlsRequired")}</Badge> : null}
              </p>
            </li>
          );
        })}
      </ul>
      <section aria-labelledby="troubles" className="mt-8">
        <h2 id="troubles" className="text-lg font-semibold">
          {words("page.trouble")}
        </h2>
        <p className="mb-3 max-w-[70ch] text-muted">{words("page.troubleLead")}</p>
        <ul className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
          {troubles.map((code, index) => (
            <li key={code} className="max-w-[70ch]">
              <SoftLink
                href={`/help/problems/${code}`}
                className="rounded-sm font-medium text-accent underline-offset-2 hover:underline"
              >
                {explained[index]?.title}
              </SoftLink>
              <p>
                <samp className="text-[0.8125rem] text-muted [overflow-wrap:anywhere]">{examples[code]}</samp>
              </p>
              <p>{explained[index]?.fix}</p>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
